import type { JsonObject } from '@nodelens/core';
import { expect, test } from 'vitest';
import { startService } from '../service.ts';

const SHOP = /tracer-shop\.ts$/;

interface Trace {
  readonly calls: number;
  readonly durations: { readonly minMs: number; readonly p99Ms: number };
  readonly callers: readonly { readonly name: string; readonly calls: number }[];
}

test('what calls a slow function, for how long, with what, is told without its values', {
  timeout: 40_000,
}, async () => {
  const service = await startService('tracer-shop', [], ['tracer']);
  service.start('trade');
  await service.until('tracer', () => true);
  const trace = await service.call<Trace>('tracer', 'tracer_trace', ['chargeCard', 10, 40]);
  expect(trace).toMatchObject({
    isRefused: false,
    target: { name: 'chargeCard', file: expect.stringMatching(SHOP), line: 14 },
    calls: 40,
    stoppedBy: 'calls',
    durations: { until: 'it returns' },
    arguments: [{ shape: '(Object{id: number, lines: Array(1)}, string(17..32))', calls: 40 }],
    errors: [{ name: 'CardDeclined', thrownAt: { file: expect.stringMatching(SHOP), line: 16 } }],
  });
  expect(trace.durations.minMs).toBeGreaterThan(3.9);
  expect(trace.callers.map(({ name, calls }) => ({ name, calls }))).toEqual([
    { name: 'handleCheckout', calls: 30 },
    { name: 'retryCharge', calls: 10 },
  ]);
  const target = { name: 'loadOrder', file: 'fixtures/tracer-shop.ts' };
  const loaded = await service.call<Trace>('tracer', 'tracer_trace', [target, 10, 20]);
  expect(loaded).toMatchObject({
    kind: 'async function',
    calls: 20,
    openCalls: 0,
    durations: { until: 'its promise settles', calls: 20 },
    errors: [{ name: 'RangeError', thrownAt: null }],
  });
  // A timer of 25 ms may be a millisecond early.
  expect(loaded.durations.minMs).toBeGreaterThan(23);
  const [counted] = await service.call<JsonObject[]>('tracer', 'tracer_count', [['handleCheckout'], 1]);
  expect(counted).toMatchObject({ name: 'handleCheckout', isAtLeast: false });
  expect(Number(counted?.callsPerSecond)).toBeGreaterThan(10);
  const last = await service.call('tracer', 'tracer_last', [20]);
  expect(JSON.stringify([trace, loaded, last])).not.toMatch(/4111|5500|declined:/);
  expect(await service.snapshot('tracer')).toMatchObject({
    isTracing: false,
    hasBreakpoints: false,
    traces: 2,
    refusedTraces: 0,
    unavailable: [],
  });
});

test('what cannot be traced is refused with what to do', { timeout: 40_000 }, async () => {
  const service = await startService('tracer-shop', [], ['tracer']);
  service.start('trade');
  const trace = (target: string | JsonObject, maxPauseMs = 250): Promise<unknown> =>
    service.call('tracer', 'tracer_trace', [target, 1], maxPauseMs);
  await expect(trace('chargeCrad')).rejects.toThrow(/Nearest: chargeCard \(.*tracer-shop\.ts:14\)/);
  await expect(trace('twin')).rejects.toThrow(/is 2 functions; .*tracer-shop\.ts:\d+\), twin \(/);
  await expect(trace('drain')).rejects.toThrow('begins with a loop');
  await expect(trace({ file: 'tracer-shop.ts' })).rejects.toThrow('a name, or a file and a line');
  await expect(trace('chargeCard', 10)).rejects.toThrow('more than the 10 ms granted');
  const one = trace({ file: 'tracer-shop.ts', line: 15 });
  await service.until('tracer', ({ isTracing }) => isTracing === true);
  await expect(trace('loadOrder')).rejects.toThrow('one at a time');
  expect(await one).toMatchObject({ target: { name: 'chargeCard' }, stoppedBy: 'time' });
  expect(await service.call('tracer', 'tracer_find', ['chargeCard'])).toMatchObject([
    { name: 'chargeCard', line: 14, toLine: 18, hasRun: true },
  ]);
});
