import type { JsonObject } from '@nodelens/core';
import { expect, test } from 'vitest';
import { startService } from '../service.ts';

interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly confirmed: boolean;
}

const SESSIONS = expect.stringMatching(/heap-sessions\.ts$/);

test('a leak is told with its history, its retaining path and what the heap consists of', {
  timeout: 120_000,
}, async () => {
  const service = await startService('heap-sessions', [], ['runtime', 'gc', 'collections']);
  service.start('30');
  const ask = <T = JsonObject>(callback: string, args: readonly (string | number)[], maxPauseMs = 250) =>
    service.call<T>('collections', callback, args, maxPauseMs);
  const candidates = async (): Promise<readonly Candidate[]> =>
    (await ask<{ candidates: readonly Candidate[] }>('collections_leak_candidates', [0.3])).candidates;
  let [leak] = await candidates();
  while (leak === undefined) [leak] = await candidates();
  const { id } = leak;
  expect(leak.name).toBe('openSessions');

  await expect(ask('collections_retaining_path', [id])).rejects.toMatchObject({ code: 'pause_refused' });
  await expect(ask('collections_retaining_path', ['c99'], 60_000)).rejects.toMatchObject({
    code: 'skill_arguments_invalid',
  });
  const [first, second] = await Promise.allSettled([
    ask('collections_retaining_path', [id], 60_000),
    ask('collections_retaining_path', [id], 60_000),
  ]);
  const done = [first, second].filter(({ status }) => status === 'fulfilled');
  expect(done).toHaveLength(1);
  expect([first, second]).toContainEqual(
    expect.objectContaining({ reason: expect.objectContaining({ code: 'heap_snapshot_refused' }) }),
  );

  const path = await ask<JsonObject>('collections_retaining_path', [id]);
  expect(path).toMatchObject({
    isAlive: true,
    type: 'Map',
    heldBy: { edge: 'context', name: 'openSessions', file: SESSIONS, line: 12 },
  });
  expect(Number(path.retainedMb)).toBeGreaterThan(10);
  const summary = await ask<{ constructors: JsonObject[]; pauseMs: number }>('collections_heap_summary', []);
  expect(summary.constructors).toContainEqual(
    expect.objectContaining({ constructorName: 'Session', retainedMb: expect.any(Number) }),
  );

  // The snapshot collected the heap, and the sessions grow on.
  const [confirmed] = await candidates();
  expect(confirmed).toMatchObject({ id, confirmed: true, minutesUntilHeapLimit: expect.any(Number) });
  const history = await ask<{ points: { entries: number }[] }>('collections_growth_history', [id, 5]);
  expect(history).toMatchObject({ name: 'openSessions', onlyGrows: true, isCollected: false });
  const entries = history.points.map((point) => point.entries);
  expect(entries).toEqual(entries.toSorted((a, b) => b - a));
  expect(await ask('collections_growth_history', ['c99'])).toMatchObject({ isKnown: false, known: [id] });

  // Our own pause is no stall of the app, and the sampler of allocations is armed again.
  const stalls = await service.call<JsonObject[]>('runtime', 'runtime_stalls', [50]);
  expect(stalls.filter(({ durationMs }) => Number(durationMs) >= summary.pauseMs / 2)).toEqual([]);
  expect(await service.call('gc', 'gc_live_allocations', [], 5_000)).toMatchObject({
    sites: expect.any(Array),
  });
});
