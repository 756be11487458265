import { expect, test } from 'vitest';
import { judge, type Outcome } from '../../src/webhook/verdict.ts';

const NOW = Date.parse('2026-03-02T12:00:00Z');
const answered = (status: number, retryAfter?: string): Outcome => ({
  kind: 'answered',
  status,
  ...(retryAfter !== undefined && { retryAfter }),
});
const first = (outcome: Outcome) => judge(outcome, 1, { atMs: NOW, random: 0.5 });

test.for([
  [200, 'delivered'],
  [204, 'delivered'],
  [301, 'failed'],
  [307, 'failed'],
  [400, 'failed'],
  [401, 'failed'],
  [404, 'failed'],
  [408, 'retry'],
  [410, 'failed'],
  [425, 'retry'],
  [429, 'retry'],
  [500, 'retry'],
  [503, 'retry'],
] as const)('an answer of %i means %s', ([status, kind]) => {
  expect(first(answered(status)).kind).toBe(kind);
});

test('who cannot be reached is tried six times in all, over minutes', () => {
  const unreachable: Outcome = { kind: 'unreachable', reason: 'connect ECONNREFUSED' };
  const verdicts = [1, 2, 3, 4, 5, 6].map((attempt) =>
    judge(unreachable, attempt, { atMs: NOW, random: 0.5 }),
  );
  const pauses = verdicts.map((verdict) => (verdict.kind === 'retry' ? verdict.afterMs : verdict.kind));
  expect(pauses).toEqual([2_000, 6_000, 18_000, 54_000, 162_000, 'failed']);
  expect(verdicts.at(-1)).toMatchObject({ reason: 'connect ECONNREFUSED (6 attempts).' });
});

test.for([
  [0, 1_500],
  [1, 2_500],
] as const)('with chance at %f the first pause is %i ms', ([random, afterMs]) => {
  expect(judge(answered(500), 1, { atMs: NOW, random })).toMatchObject({ afterMs });
});

test.for<[string, number]>([
  ['120', 120_000],
  ['Mon, 02 Mar 2026 12:01:30 GMT', 90_000],
  ['86400', 900_000],
  ['1', 2_000],
  ['soon', 2_000],
  ['Mon, 02 Mar 2026 11:00:00 GMT', 2_000],
])('"Retry-After: %s" is waited for, within reason', ([text, afterMs]) => {
  expect(first(answered(429, text))).toMatchObject({ kind: 'retry', afterMs });
});
