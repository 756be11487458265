import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY, HOUR, MINUTE, run, type Series, wobble, words } from './series.ts';

const within = (ms: number, from: number, until: number): boolean => ms >= from && ms < until;
const steady = (ms: number): number => 100 + 5 * wobble(ms);

const stories: readonly [string, Series, readonly string[]][] = [
  [
    'a metric that leaves its range for three samples is told once, and once more when it is back',
    { untilMs: 4 * HOUR, data: (ms) => ({ depth: within(ms, 3 * HOUR, 3.5 * HOUR) ? 180 : steady(ms) }) },
    ['detected depth 3:01:00', 'ended depth 3:31:00'],
  ],
  [
    'two samples in a row are a burst, no anomaly',
    {
      untilMs: 4 * HOUR,
      data: (ms) => ({ depth: within(ms, 3 * HOUR, 3 * HOUR + MINUTE) ? 180 : steady(ms) }),
    },
    [],
  ],
  [
    'a metric that is off by itself at times must be so for longer than chance would make it',
    {
      untilMs: 30 * HOUR,
      data: (ms) => {
        const isRow = within(ms, 26 * HOUR, 26 * HOUR + 90_000) || within(ms, 28 * HOUR, 29 * HOUR);
        return { blockedMs: isRow || (ms / 30_000) % 30 === 0 ? 120 : 0 };
      },
    },
    ['detected blockedMs 28:02:00', 'ended blockedMs 29:01:30'],
  ],
  [
    'a burst that its window shows for three samples is none; one that lasts longer is',
    {
      untilMs: 4 * HOUR,
      data: (ms) => ({
        rejected1m: within(ms, 3 * HOUR, 3 * HOUR + 90_000) ? 40 : 0,
        failed1m: within(ms, 3.5 * HOUR, 3.5 * HOUR + 120_000) ? 40 : 0,
      }),
    },
    ['detected failed1m 3:31:30', 'ended failed1m 3:33:00'],
  ],
  [
    'metrics that are off in turns do not make a row together',
    {
      untilMs: 4 * HOUR,
      data: (ms) => {
        const isOff = ms >= 3 * HOUR;
        const isFirst = (ms / 30_000) % 2 === 0;
        return { one: isOff && isFirst ? 180 : steady(ms), two: isOff && !isFirst ? 180 : steady(ms) };
      },
    },
    [],
  ],
  [
    'a constant that changes is an anomaly',
    { untilMs: 4 * HOUR, data: (ms) => ({ workers: ms < 3 * HOUR ? 4 : 3 }) },
    ['detected workers 3:01:00'],
  ],
  [
    'a jitter in the last digit of a constant is none',
    {
      untilMs: 4 * HOUR,
      data: (ms) => ({ poolMb: ms < 3 * HOUR ? 812.4 : 812.5, files: ms < 3 * HOUR ? 120 : 121 }),
    },
    [],
  ],
  [
    'what happens for the first time is an event; what happens many times is an anomaly',
    {
      untilMs: 4 * HOUR,
      data: (ms) => ({ failed1m: ms >= 3 * HOUR ? 1 : 0, rejected1m: ms >= 3 * HOUR ? 12 : 0 }),
    },
    ['detected rejected1m 3:01:30'],
  ],
  [
    'a counter is told as its rate, and its fall is a new beginning',
    {
      untilMs: 5 * HOUR,
      data: (ms) => {
        const isNew = ms >= 3 * HOUR;
        const sent = (isNew ? ms - 3 * HOUR : ms) * 0.01 + (ms >= 4 * HOUR ? (ms - 4 * HOUR) * 0.05 : 0);
        return { sent };
      },
    },
    ['detected sentPerSecond 4:01:30'],
  ],
  [
    'what a skill declares of a field counts, not how it looks',
    {
      untilMs: 4 * HOUR,
      kinds: { oldestFileMs: 'none', errors: 'counter', orders: 'gauge' },
      data: (ms) => {
        const later = Math.max(0, ms - 3 * HOUR) / 30_000;
        return {
          oldestFileMs: later * 30_000,
          errors: 100 * later,
          orders: ms / 30_000 + (later > 0 ? 400 : 0),
        };
      },
    },
    ['detected errorsPerSecond 3:01:30', 'detected orders 3:01:30'],
  ],
  [
    'what is no number is no metric, and a metric that comes later is learned on its own',
    {
      untilMs: 6 * HOUR,
      data: (ms) => ({
        state: ms < 3 * HOUR ? 'calm' : 'panic',
        ratio: ms < 3 * HOUR ? 0.9 : null,
        late: ms < 3 * HOUR ? null : ms < 5.5 * HOUR ? steady(ms) : 180,
      }),
    },
    ['detected late 5:31:00'],
  ],
  [
    'less memory, or a shorter time, is no fault; less of what is left is',
    {
      untilMs: 4 * HOUR,
      data: (ms) => ({
        heapUsedMb: ms < 3 * HOUR ? steady(ms) : 20,
        servedP99Ms: ms < 3 * HOUR ? steady(ms) : 20,
        memoryAvailableMb: ms < 3 * HOUR ? steady(ms) : 20,
      }),
    },
    ['detected memoryAvailableMb 3:01:00'],
  ],
  [
    'after its end a metric is not told again for a while; one that lasts beyond that is',
    {
      untilMs: 4 * HOUR,
      data: (ms) => {
        const isOff = within(ms, 3 * HOUR, 3.1 * HOUR) || ms >= 3.2 * HOUR;
        return { depth: isOff ? 180 : steady(ms) };
      },
    },
    ['detected depth 3:01:00', 'ended depth 3:07:00', 'detected depth 3:22:00'],
  ],
  [
    'nothing is told while it learns, and what has lasted then is not off later',
    {
      untilMs: 4 * HOUR,
      data: (ms) => ({ depth: within(ms, HOUR, 1.1 * HOUR) || ms > 3 * HOUR ? 900 : steady(ms) }),
    },
    [],
  ],
  [
    'a metric that is gone with its anomaly has ended it',
    {
      untilMs: 4 * HOUR,
      data: (ms) => ({ other: steady(ms), depth: ms < 3 * HOUR ? steady(ms) : ms < 3.2 * HOUR ? 180 : null }),
    },
    ['detected depth 3:01:00', 'ended depth 3:17:00'],
  ],
  [
    'three samples of one moment are no row',
    {
      untilMs: 3 * HOUR + 10_000,
      everyMs: 1_000,
      data: (ms) => ({ depth: ms > 3 * HOUR ? 180 : steady(ms) }),
    },
    [],
  ],
  [
    'a gap breaks a row',
    {
      untilMs: 4 * HOUR,
      data: (ms) =>
        within(ms, 3 * HOUR, 3.5 * HOUR)
          ? undefined
          : { depth: within(ms, 3 * HOUR - MINUTE, 3.5 * HOUR + MINUTE) ? 180 : steady(ms) },
    },
    [],
  ],
];
test.each(stories)('%s', (_, series, expected) => {
  expect(words(run(series))).toEqual(expected);
});

test('what is usual and how far off it is are told with the anomaly', () => {
  const told = run({
    untilMs: 4 * HOUR,
    data: (ms) => ({ depth: ms < 3 * HOUR ? steady(ms) : 180 }),
  });
  expect(told[0]).toMatchObject({
    event: { type: 'anomaly.learned', metrics: 1, learnedForMs: 2 * HOUR + 30_000 },
  });
  expect(told[1]?.event).toMatchObject({
    anomaly: { skill: 'shop', metric: 'depth', value: 180, expected: expect.closeTo(100, 0) },
  });
  const { event } = told[1] ?? expect.fail();
  if (event.type !== 'anomaly.detected') expect.fail();
  expect(event.anomaly.deviation).toBeGreaterThan(15);
});

const MORNING = 8 * HOUR;
/** Little at night, ten times as much by day, with the noise of a shop. */
const daily = (ms: number): number => {
  const hour = (ms % DAY) / HOUR;
  return (10 + 45 * (1 - Math.cos((2 * Math.PI * (hour - 3)) / 24))) * (1 + 0.06 * wobble(ms));
};

test('neither the first morning nor a Sunday is an anomaly; what is much for the hour is', () => {
  const sunday = (ms: number): number => (Math.floor(ms / DAY) % 7 === 6 ? 0.6 : 1);
  const nightWork = (ms: number): number => (within(ms, 9 * DAY + 3 * HOUR, 9 * DAY + 4 * HOUR) ? 4 : 1);
  const told = run({
    untilMs: 10 * DAY,
    everyMs: MINUTE,
    settings: { sampleEveryMs: MINUTE },
    data: (ms) => ({ servedPerSecond: daily(ms) * sunday(ms) * nightWork(ms) }),
  });
  // Four times the night is half of the day.
  expect(words(told)).toEqual(['detected servedPerSecond 219:02:00', 'ended servedPerSecond 220:02:00']);
});

test('what comes each night is told three times, and then it is known', () => {
  const told = run({
    untilMs: 7 * DAY,
    everyMs: MINUTE,
    settings: { sampleEveryMs: MINUTE },
    data: (ms) => ({ depth: within(ms % DAY, MORNING, MORNING + 20 * MINUTE) ? 400 : steady(ms) }),
  });
  expect(words(told).filter((word) => word.startsWith('detected'))).toHaveLength(3);
});

test('a level that stays for a day is the new usual one', () => {
  const told = run({
    untilMs: 4 * DAY - HOUR,
    everyMs: MINUTE,
    settings: { sampleEveryMs: MINUTE },
    data: (ms) => ({ depth: ms < DAY ? steady(ms) : ms < 3 * DAY ? 2 * steady(ms) : 4 * steady(ms) }),
  });
  expect(words(told)).toEqual(['detected depth 24:02:00', 'ended depth 48:00:00', 'detected depth 72:02:00']);
});

test('values out of the range that was learned from are never told', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 12, maxLength: 60 }),
      (learned) => {
        const [low, high] = [Math.min(...learned), Math.max(...learned)];
        // Each level is held for three samples.
        const later = (ms: number): number =>
          (learned[(ms / 30_000) % learned.length] ?? 0) / 2 + (low + high) / 4;
        const told = run({
          settings: { learnMs: 90 * 30_000 * 2 },
          untilMs: 90 * 30_000 * 4,
          data: (ms) => ({
            value:
              ms < 90 * 30_000 * 2 ? (learned[Math.floor(ms / 90_000) % learned.length] ?? 0) : later(ms),
          }),
        });
        expect(words(told)).toEqual([]);
      },
    ),
    { numRuns: 30 },
  );
});
