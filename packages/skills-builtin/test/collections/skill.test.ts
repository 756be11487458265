import { describe, expect, test } from 'vitest';
import { type Service, startService } from '../service.ts';

interface Figures {
  readonly name: string;
  readonly kind: string;
  readonly entries: number;
  readonly onlyGrows: boolean;
  readonly estimatedMb: number;
  readonly file: string;
  readonly filledBy: readonly { name: string; file: string; line: number }[];
  readonly emptiedBy: readonly { name: string }[];
}

const growth = (service: Service, maxPauseMs = 250): Promise<{ collections: readonly Figures[] }> =>
  service.call('collections', 'collections_growth', [1, 30], maxPauseMs);

describe('holders', () => {
  test('each kind of collection is found by the variable that holds it and what fills it', {
    timeout: 60_000,
  }, async () => {
    const service = await startService('holders');
    service.start('');
    let collections: readonly Figures[] = [];
    // Collections are told from 20 entries on.
    while (collections.length < 10) ({ collections } = await growth(service));
    const told = collections.map(({ name, kind, onlyGrows, filledBy, emptiedBy }) => ({
      is: `${kind} ${name}`,
      onlyGrows,
      by: filledBy.map((filler) => `${filler.name}:${filler.line}`),
      emptied: emptiedBy.length > 0,
    }));
    const grows = { onlyGrows: true, emptied: false };
    expect(told).toEqual(
      expect.arrayContaining([
        { is: 'Array jobs', ...grows, by: ['enqueue:36'] },
        { is: 'Object bySession', ...grows, by: ['openSession:40'] },
        { is: 'Array thumbnails', ...grows, by: ['start:73'] },
        { is: 'Map registry.#entries', ...grows, by: ['register:18'] },
        { is: 'Set registry.names', ...grows, by: ['register:19'] },
        { is: 'Map trails', ...grows, by: ['track:28'] },
        { is: 'Map entries', ...grows, by: ['note:5'] },
        { is: 'AbortSignal shutdown.signal', ...grows, by: ['serve:50'] },
        { is: 'Array ticks._events.tick', ...grows, by: ['follow:46'] },
        expect.objectContaining({ is: 'Set bounded', emptied: true }),
      ]),
    );
    const listeners = collections.find(({ name }) => name === 'ticks._events.tick');
    // 20 kB are kept by each listener, not by the list.
    expect(Number(listeners?.estimatedMb) / Number(listeners?.entries)).toBeGreaterThan(0.015);
  });
});

test('a cache that never evicts is named with its module and filler within the default grant', {
  timeout: 90_000,
}, async () => {
  const service = await startService('shop-cache');
  service.start('leak');
  const { checkId, conclusion } = await service.diagnosed('collections');
  expect(checkId).toBe('collections.unbounded_growth');
  expect(conclusion.subjects).toMatchObject([
    { kind: 'collection', name: 'visitorTaste', file: expect.stringMatching(/visitors\.ts$/), line: 2 },
    { kind: 'function', name: 'keepTaste', file: expect.stringMatching(/visitors\.ts$/), line: 11 },
  ]);
  expect(await service.snapshot('collections')).toMatchObject({ fastestName: 'visitorTaste' });
});

test('a cache with a bound is silent', { timeout: 90_000 }, async () => {
  const service = await startService('shop-cache');
  service.start('bounded');
  await service.until('collections', ({ heapFloorMb }) => heapFloorMb !== undefined);
  for (let round = 0; round < 3; round += 1) {
    await growth(service);
    expect(await service.diagnose('collections')).toEqual([]);
  }
});

test('a query of the whole heap is refused with its figure, and finds every Map when it is granted', {
  timeout: 60_000,
}, async () => {
  const service = await startService('holders');
  service.start('');
  const query = (maxPauseMs: number): Promise<{ estimatedMs?: number; count: number; growing: unknown[] }> =>
    service.call('collections', 'collections_query', ['Map', 1], maxPauseMs);
  await expect(query(250)).rejects.toMatchObject({ code: 'pause_refused', data: { grantedMs: 250 } });
  // Stalls of the first seconds are not told.
  await service.until('runtime', ({ uptimeSeconds }) => Number(uptimeSeconds) >= 5);
  const from = Date.now();
  const { count, growing } = await query(60_000);
  const to = Date.now();
  expect(count).toBeGreaterThanOrEqual(3);
  expect(growing.length).toBeGreaterThanOrEqual(3);
  const stalls = await service.call<{ startedAtMs: number; gcMs: number }[]>(
    'runtime',
    'runtime_stalls',
    [50],
  );
  const ours = stalls.filter(({ startedAtMs: at, gcMs }) => at >= from - 100 && at <= to && gcMs > 0);
  expect(ours).toEqual([]);
  const { longestPause1mMs } = await service.snapshot('gc');
  const { forced } = await service.call<{ forced: number }>('gc', 'gc_stats', [30]);
  expect(forced).toBeGreaterThan(0);
  expect(Number(longestPause1mMs)).toBeLessThan(to - from);
});

test('a collection behind top-level await is reached through a listener', { timeout: 60_000 }, async () => {
  const service = await startService('entry-with-await');
  service.start('');
  let collections: readonly Figures[] = [];
  while (collections.length === 0) ({ collections } = await growth(service));
  expect(collections[0]).toMatchObject({
    name: 'visitors',
    file: expect.stringMatching(/visitors-behind-await\.ts$/),
    filledBy: [{ name: 'rememberVisitor', line: 8 }],
  });
});
