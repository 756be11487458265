import { expect, test } from 'vitest';
import { type Cause, causeOfAnomaly, causeOfCheck } from '../../src/continuous/cause.ts';
import {
  type Gate,
  type GateState,
  judge,
  markLooked,
  markVerdict,
  type Wake,
} from '../../src/continuous/gate.ts';

const HOUR = 3_600_000;

const check = (id: string, finding: Record<string, string | number> = {}): Cause =>
  causeOfCheck({ checkId: id, finding, investigate: '' });
const anomaly = (metric: string, deviation = 9): Cause =>
  causeOfAnomaly({ skill: 's', metric, value: 1, expected: 0, deviation, sinceMs: 0 });

interface Scene {
  readonly gate?: Gate;
  /** What was looked at at 0 ms. */
  readonly before?: readonly Cause[];
  readonly now?: readonly Cause[];
  readonly atMs?: number;
  readonly lookAgainAtMs?: number;
  readonly isStall?: boolean;
}

function wake(scene: Scene): Wake['why'] | undefined {
  const { gate = 'anomaly', before, now = [], atMs = 1, lookAgainAtMs, isStall = false } = scene;
  const rules = { gate, repeatAfterMs: HOUR };
  const looked = markLooked([], { causes: before ?? [], atMs: 0, isStall }, rules);
  const state: GateState = { looked, lookAgainAtMs, isFirst: before === undefined };
  return judge(state, { causes: now, atMs, isStall }, rules)?.why;
}

const slow = check('s.slow', { ms: 100, peer: 'db' });

test.each<[string, Scene, Wake['why'] | undefined]>([
  ['nothing fires', {}, undefined],
  ['a check fires', { now: [slow] }, 'check'],
  ['it fires because main stalls', { now: [slow], isStall: true }, 'stall'],
  ['a metric is off', { now: [anomaly('rssMb')] }, 'anomaly'],
  ['both', { now: [anomaly('rssMb'), slow] }, 'check'],
  ['what was looked at goes on', { before: [slow], now: [slow] }, undefined],
  ['it goes on past the cool-down', { before: [slow], now: [slow], atMs: HOUR }, 'check'],
  [
    'it became a little worse',
    { before: [slow], now: [check('s.slow', { ms: 149, peer: 'db' })] },
    undefined,
  ],
  ['it grew by half', { before: [slow], now: [check('s.slow', { ms: 150, peer: 'db' })] }, 'check'],
  ['a small count grew', { before: [check('s.n', { n: 2 })], now: [check('s.n', { n: 4 })] }, undefined],
  ['it grew by some', { before: [check('s.n', { n: 2 })], now: [check('s.n', { n: 5 })] }, 'check'],
  ['a share grew', { before: [check('s.n', { n: 0.5 })], now: [check('s.n', { n: 0.8 })] }, 'check'],
  ['the anomaly went further off', { before: [anomaly('a', -9)], now: [anomaly('a', -14)] }, 'anomaly'],
  [
    'the same check, of another name',
    { before: [slow], now: [check('s.slow', { ms: 1, peer: 'cache' })] },
    'check',
  ],
  ['another check beside it', { before: [slow], now: [slow, check('s.full')] }, 'check'],
  ['the model wanted to see it again', { before: [slow], now: [slow], lookAgainAtMs: 1 }, 'time'],
  ['it is over by then', { before: [slow], now: [], lookAgainAtMs: 1 }, undefined],
  ['it is not time yet', { before: [slow], now: [slow], lookAgainAtMs: 2 }, undefined],
  ['each round: the first', { gate: 'always' }, 'start'],
  ['each round: before its time', { gate: 'always', before: [], lookAgainAtMs: 2 }, undefined],
  ['each round: its time', { gate: 'always', before: [], lookAgainAtMs: 1 }, 'time'],
])('%s', (_, scene, why) => {
  expect(wake(scene)).toBe(why);
});

test('what goes up and down between two figures is news once, and what is kept is bounded', () => {
  const rules = { gate: 'checks', repeatAfterMs: HOUR } as const;
  let looked: GateState['looked'] = [];
  let wakes = 0;
  for (let n = 0; n < 1_000; n++) {
    const look = { causes: [check('s.count', { n: 10 + 10 * (n % 2) })], atMs: n, isStall: false };
    if (judge({ looked, lookAgainAtMs: undefined, isFirst: false }, look, rules) === undefined) continue;
    wakes += 1;
    looked = markLooked(looked, look, rules);
  }
  expect(wakes).toBe(2);
  for (let n = 0; n < 300; n++)
    looked = markLooked(looked, { causes: [check(`s.${n}`)], atMs: n, isStall: false }, rules);
  expect(looked).toHaveLength(100);
});

test('what goes on and is cleared each time is looked at after two hours, then after four, or when it is worse', () => {
  const rules = { gate: 'checks', repeatAfterMs: HOUR } as const;
  let looked: GateState['looked'] = [];
  const wakes = (fromHour: number, untilHour: number, ms: number): number[] => {
    const hours: number[] = [];
    for (let hour = fromHour; hour < untilHour; hour++) {
      const look = { causes: [check('s.slow', { ms })], atMs: hour * HOUR, isStall: false };
      const state = { looked, lookAgainAtMs: undefined, isFirst: false };
      if (judge(state, look, rules) === undefined) continue;
      hours.push(hour);
      looked = markVerdict(markLooked(looked, look, rules), look.atMs, true);
    }
    return hours;
  };
  expect(wakes(0, 16, 100)).toEqual([0, 2, 6, 10, 14]);
  expect(wakes(16, 17, 150)).toEqual([16]);
  looked = markVerdict(looked, 16 * HOUR, false);
  expect(wakes(17, 18, 150)).toEqual([17]);
});
