import type { JsonObject } from '@nodelens/core';
import { expect, test } from 'vitest';
import type { VmEvent } from '../../src/vm-events/event.ts';
import { largeRoutesOf, largestFirst, withoutFlood } from '../../src/vm-events/large-requests.ts';
import { startService } from '../service.ts';

const SERVICE = '../vm-events/uploads';

test('a large import and a large export are told with route and size, and are no fault', {
  timeout: 40_000,
}, async () => {
  const service = await startService(SERVICE, [], ['vmEvents']);
  service.favour();
  service.start('large');
  await service.until('vm-events', ({ largeRequests1m }) => largeRequests1m === 2);
  const [exported, imported, ...others] = await service.call<JsonObject[]>('vm-events', 'vm_events_recent', [
    'large-request',
  ]);
  expect(others).toEqual([]);
  expect(exported).toMatchObject({ route: 'GET /exports/orders', path: '/exports/orders', status: 200 });
  expect(Number(exported?.responseBytes)).toBeGreaterThan(5_000_000);
  expect(imported).toMatchObject({
    route: 'POST /imports/:id',
    path: '/imports/4711',
    requestBytes: 3_000_000,
  });
  expect(Number(imported?.durationMs)).toBeGreaterThan(2_000);
  const snapshot = await service.snapshot('vm-events');
  expect(snapshot).toMatchObject({
    largeRequests5m: 2,
    largeRequests15m: 2,
    droppedLargeRequests: 0,
    unavailable: [],
  });
  expect(Number(snapshot.largestRequest15mMb)).toBeCloseTo(4.8, 1);
  expect(await service.diagnose('vm-events')).toEqual([]);
  const [first] = await service.call<JsonObject[]>('vm-events', 'vm_events_large_requests');
  expect(first).toMatchObject({ route: 'POST /imports/:id', count: 1, withLead: 1 });
  const { events } = await service.call<{ events: JsonObject[] }>('vm-events', 'vm_events_around', [
    Number(imported?.atMs),
  ]);
  expect(events).toContainEqual(expect.objectContaining({ type: 'stall' }));
  expect(events.filter(({ type }) => type === 'large-request')).toHaveLength(2);
});

test('small requests that are large in sum are not told', { timeout: 40_000 }, async () => {
  const service = await startService(SERVICE, [], ['vmEvents']);
  service.start('small, then one export');
  await service.until('vm-events', ({ largeRequests1m }) => largeRequests1m !== 0);
  const told = await service.call<JsonObject[]>('vm-events', 'vm_events_recent', ['large-request']);
  expect(told).toMatchObject([{ route: 'GET /exports/orders' }]);
  expect(Number(told[0]?.responseBytes)).toBeLessThan(5_010_000);
});

const large = (atMs: number, requestBytes: number, route = 'POST /up'): VmEvent => ({
  type: 'large-request',
  atMs,
  durationMs: 100,
  facts: { route, requestBytes, responseBytes: 0 },
});
const stall = (atMs: number): VmEvent => ({ type: 'stall', atMs, durationMs: 300, facts: {} });

test('a flood of large requests leaves room for what else happened', () => {
  const flood = Array.from({ length: 100 }, (_, i) => large(1_000 - i, 2_000_000 + i));
  const events = [...flood, stall(10), stall(5)];
  const told = withoutFlood(events, 10);
  expect(told.map(({ atMs }) => atMs)).toEqual([1_000, 999, 998, 997, 996, 995, 994, 993, 10, 5]);
  expect(withoutFlood(events, 4, largestFirst).map(({ atMs }) => atMs)).toEqual([902, 901, 10, 5]);
  expect(withoutFlood([stall(10), stall(5)], 1)).toEqual([stall(10)]);
});

test('routes are told with those first beside which something happened', () => {
  const events = [large(90_000, 9_000_000, 'POST /films'), stall(11_000), large(10_000, 2_000_000)];
  expect(largeRoutesOf(events, 100_000)).toMatchObject([
    { route: 'POST /up', count: 1, withLead: 1, largestRequestBytes: 2_000_000, newestAgoMs: 90_000 },
    { route: 'POST /films', withLead: 0 },
  ]);
});
