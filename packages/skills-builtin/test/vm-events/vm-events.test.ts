import { expect, test } from 'vitest';
import { type Service, startService } from '../service.ts';

const start = (): Promise<Service> => startService('vm-events-feed', [], ['vmEvents']);

interface Told {
  readonly type: string;
  readonly atMs: number;
}

interface Around {
  readonly isRecorded: boolean;
  readonly events: readonly Told[];
}

test('a listener leak from before anybody asked is named while main is blocked', {
  timeout: 40_000,
}, async () => {
  const service = await startService('vm-events-feed', [], ['runtime', 'vmEvents']);
  service.start('leak, then block');
  await service.until('runtime', ({ mainBlockedMs }) => Number(mainBlockedMs) > 200);
  const askedAtMs = Date.now();
  const { checkId, conclusion } = await service.diagnosed('vm-events');
  expect(checkId).toBe('vm-events.listener_leak');
  expect(conclusion).toMatchObject({
    severity: 'warning',
    context: expect.stringContaining('11 "tick" listeners on one PriceFeed'),
    observation: expect.stringContaining('subscribeQuote'),
    subjects: [
      {
        kind: 'function',
        name: 'subscribeQuote',
        file: expect.stringMatching(/vm-events-feed\.ts$/),
        line: 11,
        unit: 'listeners',
      },
    ],
  });
  const snapshot = await service.snapshot('vm-events');
  expect(snapshot).toMatchObject({ listenerWarnings: 1, newestEvent: 'stall', unavailable: [] });
  const [warning] = await service.call<Told[]>('vm-events', 'vm_events_recent', ['warning']);
  expect(warning).toMatchObject({ name: 'MaxListenersExceededWarning', frame: { line: 11 } });
  expect(warning?.atMs).toBeLessThan(askedAtMs);
  const around = await service.call<Around>('vm-events', 'vm_events_around', [Number(warning?.atMs), 60]);
  expect(around.isRecorded).toBe(true);
  expect(around.events).toMatchObject([
    { type: 'stall', ongoing: true },
    { type: 'warning', offsetMs: 0 },
  ]);
});

test('a heap that was near its limit is told when it no longer is', { timeout: 40_000 }, async () => {
  const limits = ['--max-old-space-size=200', '--max-semi-space-size=1'];
  const service = await startService('vm-events-feed', limits, ['vmEvents']);
  service.start('peak');
  const { checkId, conclusion } = await service.diagnosed('vm-events');
  expect(checkId).toBe('vm-events.heap_near_limit');
  expect(conclusion).toMatchObject({ subjects: [{ kind: 'process', name: 'heap', unit: 'MB' }] });
  const edges = await service.call<Told[]>('vm-events', 'vm_events_recent', ['heap-limit']);
  expect(edges).toMatchObject([{ edge: 'down' }, { edge: 'up' }]);
  expect(await service.snapshot('vm-events')).toMatchObject({ rssJumps15m: 1 });
});

test('listeners that leave or stay are silent, and all that is asked is told', {
  timeout: 40_000,
}, async () => {
  const service = await start();
  service.start('healthy');
  await service.until('vm-events', ({ listenerWarnings }) => listenerWarnings === 1);
  expect(await service.diagnose('vm-events')).toEqual([]);
  const [growth] = await service.call<object[]>('vm-events', 'vm_events_listener_growth');
  expect(growth).toMatchObject({ event: 'close', listenersAtWarning: 13, listeners: 13, risen: 0 });
  const counts = await service.call<{ byType: object[] }>('vm-events', 'vm_events_counts');
  expect(counts.byType).toContainEqual(expect.objectContaining({ type: 'warning', last1m: 1, last15m: 1 }));
  const timeline = await service.call<{ counts: object }[]>('vm-events', 'vm_events_timeline', [60]);
  expect(timeline).toHaveLength(20);
  expect(timeline.filter((bucket) => 'warning' in bucket.counts)).toHaveLength(1);
});

test('a warning that is repeated is told with its place and its meaning', { timeout: 40_000 }, async () => {
  const service = await start();
  service.start('timers');
  const { checkId, conclusion } = await service.diagnosed('vm-events');
  expect(checkId).toBe('vm-events.repeated_warnings');
  expect(conclusion).toMatchObject({
    context: expect.stringContaining('TimeoutOverflowWarning'),
    hypothesis: expect.stringContaining('fires after 1 ms'),
    subjects: [{ kind: 'function', file: expect.stringMatching(/vm-events-feed\.ts$/), unit: 'warnings' }],
  });
});
