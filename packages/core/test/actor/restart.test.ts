import { describe, expect, test } from 'vitest';
import type { ExitReason } from '../../src/actor/exit.ts';
import type { RestartType } from '../../src/actor/supervision/child-spec.ts';
import {
  affectedBy,
  backoffMs,
  countRestart,
  defaultBackoff,
  isRestarted,
  type Strategy,
} from '../../src/actor/supervision/restart.ts';

const error = { name: 'Error', message: 'boom' };
const reasons: { readonly [name: string]: ExitReason } = {
  normal: { kind: 'normal' },
  shutdown: { kind: 'shutdown' },
  failed: { kind: 'failed', error },
  exited: { kind: 'thread-ended', exitCode: 0 },
  'out of memory': { kind: 'thread-ended', exitCode: 1, error },
  unresponsive: { kind: 'killed', why: 'unresponsive' },
  'shutdown deadline': { kind: 'killed', why: 'shutdown-deadline' },
  'host closed': { kind: 'killed', why: 'host-closed' },
};

describe('who comes back: restart type x exit reason', () => {
  const comeBack: { readonly [T in RestartType]: readonly string[] } = {
    permanent: Object.keys(reasons),
    transient: ['failed', 'exited', 'out of memory', 'unresponsive', 'shutdown deadline', 'host closed'],
    temporary: [],
  };
  const rows = Object.entries(comeBack).flatMap(([type, names]) =>
    Object.entries(reasons).map(
      ([name, reason]) => [type as RestartType, name, reason, names.includes(name)] as const,
    ),
  );
  test.each(rows)('%s after %s', (type, _, reason, expected) => {
    expect(isRestarted(type, reason)).toBe(expected);
  });
});

test.each<[Strategy, string, string[]]>([
  ['one_for_one', 'b', ['b']],
  ['one_for_all', 'b', ['a', 'b', 'c']],
  ['rest_for_one', 'a', ['a', 'b', 'c']],
  ['rest_for_one', 'b', ['b', 'c']],
  ['rest_for_one', 'c', ['c']],
])('%s: the end of %s affects %j', (strategy, failed, expected) => {
  expect(affectedBy(strategy, ['a', 'b', 'c'], failed)).toEqual(expected);
});

describe('the intensity window', () => {
  const limit = { maxRestarts: 2, withinMs: 1_000 };
  const after = (times: number[]): boolean => {
    let restarts: readonly number[] = [];
    let isExceeded = false;
    for (const at of times) ({ restarts, isExceeded } = countRestart(restarts, at, limit));
    return isExceeded;
  };
  test.each<[number[], boolean]>([
    [[0], false],
    [[0, 1], false],
    [[0, 1, 2], true],
    [[0, 500, 1_000], true],
    [[0, 500, 1_001], false],
    [[0, 900, 1_800, 2_700], false],
    [[0, 900, 1_700, 1_800], true],
  ])('restarts at %j: exceeded is %s', (times, expected) => {
    expect(after(times)).toBe(expected);
  });
  test('a maximum of 0 allows none', () => {
    expect(countRestart([], 0, { maxRestarts: 0, withinMs: 1 }).isExceeded).toBe(true);
  });
});

describe('backoff', () => {
  test.each([
    [1, 0, 100],
    [2, 0, 200],
    [5, 0, 1_600],
    [1, 1, 50],
    [3, 0.5, 300],
    [20, 0, 30_000],
    [5_000, 1, 15_000],
  ])('attempt %i with random %d waits %i ms', (attempt, random, expected) => {
    expect(backoffMs(attempt, defaultBackoff, () => random)).toBe(expected);
  });
  test('an initial delay of 0 turns it off', () => {
    expect(backoffMs(7, { ...defaultBackoff, initialMs: 0 }, () => 0)).toBe(0);
  });
});
