import type { JsonValue, ProbeFeed } from '@nodelens/core';
import { afterEach, expect, test, vi } from 'vitest';
import { createMainHistory, intervalMs, isSteady } from '../../src/handles/main-counts.ts';
import { createSocketReader } from '../../src/handles/main-sockets.ts';

afterEach(() => vi.useRealTimers());

/** Main's answers come when the test gives them. */
function lateFeed(): {
  readonly feed: ProbeFeed;
  readonly asked: readonly PromiseWithResolvers<JsonValue>[];
} {
  const asked: PromiseWithResolvers<JsonValue>[] = [];
  const ask = (): Promise<JsonValue> => {
    const answer = Promise.withResolvers<JsonValue>();
    asked.push(answer);
    return answer.promise;
  };
  return { feed: { ask } as unknown as ProbeFeed, asked };
}

test('a snapshot waits a little for main, and an answer that comes later serves the next one', async () => {
  vi.useFakeTimers();
  const { feed, asked } = lateFeed();
  const main = createMainHistory(feed, () => 0);
  const sockets = createSocketReader(feed, () => 0);
  const looks = [main.latest(), sockets.recent()];
  // Whoever looks meanwhile asks main nothing twice.
  const further = [main.latest(), sockets.recent()];
  await vi.advanceTimersByTimeAsync(250);
  expect(await Promise.all([...looks, ...further])).toEqual(Array(4).fill(undefined));
  expect(asked).toHaveLength(2);
  asked[0]?.resolve({ byType: { Timeout: 3 }, tookMs: 1 });
  asked[1]?.resolve({ peers: [], tookMs: 1 });
  await vi.advanceTimersByTimeAsync(0);
  expect(await main.latest()).toMatchObject({ timers: 3 });
  expect(await sockets.recent()).toMatchObject({ peers: [] });
  expect(asked).toHaveLength(2);
});

type ByType = Readonly<Record<string, number>>;

test.for<[string, readonly ByType[], boolean]>([
  ['one answer tells nothing', [{ Timeout: 3 }], false],
  [
    'the same as before',
    [
      { Timeout: 3, Pipe: 1 },
      { Timeout: 3, Pipe: 1 },
    ],
    true,
  ],
  ['one more', [{ Timeout: 3 }, { Timeout: 4 }], false],
  ['one less', [{ Timeout: 3, Pipe: 1 }, { Timeout: 3 }], false],
  ['something new', [{ Timeout: 3 }, { Timeout: 3, FSEventWrap: 1 }], false],
  ['as long as the last two are the same', [{ Timeout: 1 }, { Timeout: 3 }, { Timeout: 3 }], true],
])('main may be asked less often at rest: %s', ([, counts, expected]) => {
  expect(isSteady(counts.map((byType) => ({ byType })))).toBe(expected);
});

test.for<[string, number, boolean, number]>([
  ['at first', 3_000, false, 1_000],
  ['later', 15_000, false, 5_000],
  ['at rest', 60_000, true, 15_000],
  ['at rest from the start on', 3_000, true, 15_000],
])('how often main is asked: %s', ([, ageMs, isQuiet, everyMs]) => {
  expect(intervalMs(ageMs, isQuiet)).toBe(everyMs);
});
