import { expect, test } from 'vitest';
import { costlyLines } from '../../src/logger/check-costly.ts';
import { errorBurst, newError } from '../../src/logger/check-errors.ts';
import { flood } from '../../src/logger/check-flood.ts';
import { errorFigures, newestErrorPattern } from '../../src/logger/figures.ts';
import type { Level } from '../../src/logger/levels.ts';
import { createLogStore, type LogStore } from '../../src/logger/log-store.ts';

const pattern = (text: string, countInWindow: number, logger = 'payments') => ({
  pattern: text,
  logger,
  level: 'error',
  errorName: 'PaymentError',
  countInWindow,
  firstSeenSecondsAgo: 40,
  isNew: true,
  example: `${text} (example)`,
});

test.each<[number, number | undefined, number, boolean]>([
  [9, undefined, 50, false],
  [10, undefined, 4, false],
  [10, undefined, 5, true],
  [10, 0, 1, true],
  [29, 10, 50, false],
  [30, 10, 1, true],
  [100, 100, 50, false],
  [299, 100, 50, false],
  [300, 100, 1, true],
])('%i errors in a minute after %s a minute before, %i %% of the lines: a burst or not', (...row) => {
  const [errors1m, errorsPerMinuteBefore, errorPercent1m, isFound] = row;
  expect(errorBurst.when({ errors1m, errorsPerMinuteBefore, errorPercent1m }, []) !== undefined).toBe(
    isFound,
  );
});

test.each<[number, number, string]>([
  [20, 80, 'warning'],
  [90, 5, 'warning'],
  [90, 60, 'critical'],
])('%i errors, %i %% of the lines', (errors1m, errorPercent1m, severity) => {
  const stats = { errors1m, errorPercent1m, baselinePerMinute: 2, baselineMinutes: 14 };
  const found = errorBurst.conclude({ stats, patterns: [pattern('charging <num> failed', 15)] }, {});
  expect(found?.severity).toBe(severity);
});

test('a burst names its pattern, its logger and what was usual', () => {
  const stats = { errors1m: 40, errorPercent1m: 20, baselinePerMinute: 2, baselineMinutes: 14 };
  const patterns = [pattern('charging <num> failed', 30), pattern('no stock', 3, 'stock')];
  expect(errorBurst.conclude({ stats, patterns }, {})).toMatchObject({
    context:
      'The app logged 40 errors within the last minute (20 % of its lines); in the 14 minutes before there were 2 per minute.',
    observation:
      'The pattern "charging <num> failed" of the logger payments makes 30 of them; newest line: charging <num> failed (example). Other patterns: "no stock" (3).',
    hypothesis: 'One cause is behind most of the errors: PaymentError.',
    subjects: [{ kind: 'logger', name: 'payments', value: 30, unit: 'errors' }],
  });
});

test('the function that threw what is logged is blamed before the logger', () => {
  const thrownBy = { name: 'parcelClass', file: '/srv/shipping.ts', line: 6 };
  const patterns = [{ ...pattern('request failed', 30), thrownBy }, pattern('no stock', 3, 'stock')];
  expect(errorBurst.conclude({ stats: { errors1m: 33 }, patterns }, {})).toMatchObject({
    observation: expect.stringContaining('Its stack says that parcelClass (/srv/shipping.ts:6) threw it.'),
    subjects: [
      { kind: 'function', name: 'parcelClass', value: 30 },
      { kind: 'logger', name: 'payments' },
    ],
  });
});

test.each<[string, number, number, object, string | undefined]>([
  ['few and large', 20, 12, { meanKb: 200 }, 'Whole objects are logged'],
  ['few and small', 20, 12, { meanKb: 1 }, 'does not keep up'],
  ['cheap', 9, 12, { meanKb: 200 }, undefined],
  ['many', 20, 100, { meanKb: 200 }, undefined],
  ['seen too seldom', 20, 12, { meanKb: 200, writes: 4 }, undefined],
])('lines that are %s: %i %% of main for %i a second', (_, share, rate, worst, hypothesis) => {
  const finding = costlyLines.when({ writingShare10sPercent: share, linesPerSecond10s: rate }, []);
  const place = { name: 'price', file: '/srv/pricing.ts', line: 9 };
  const writes = [{ place, writes: 80, ms: 1_600, meanMs: 20, ...worst }];
  const found =
    finding && costlyLines.conclude({ stats: { linesPerSecond: rate, kbPerSecond: 9 }, writes }, finding);
  expect(found?.hypothesis).toEqual(hypothesis && expect.stringContaining(hypothesis));
  if (hypothesis !== undefined)
    expect(found?.subjects).toMatchObject([{ kind: 'function', name: 'price', value: share }]);
});

test('costly lines of several places blame none of them', () => {
  const at = (name: string) => ({ name, file: '/srv/shop.ts', line: 9 });
  const writes = ['price', 'ship', 'charge'].map((name) => ({
    place: at(name),
    writes: 30,
    ms: 300,
    meanKb: 20,
  }));
  expect(costlyLines.conclude({ stats: {}, writes }, { writingShare10sPercent: 15 })?.subjects).toMatchObject(
    [{ kind: 'logger', name: 'stdout' }],
  );
});

test('without a pattern there is no burst to speak of', () => {
  expect(errorBurst.conclude({ stats: { errors1m: 40 }, patterns: [] }, {})).toBeUndefined();
});

test.each<[number, number, boolean]>([
  [4, 1, false],
  [5, 0.4, false],
  [5, 0.5, true],
])(
  'a new pattern of %i lines with a share of %d',
  (newErrorPatternLines5m, newErrorPatternShare5m, isFound) => {
    const finding = newError.when({ newErrorPatternLines5m, newErrorPatternShare5m }, []);
    expect(finding !== undefined).toBe(isFound);
    const found =
      finding &&
      newError.conclude(
        {
          patterns: [pattern('seldom', 1), { ...pattern('as ever', 90), isNew: false }, pattern('often', 9)],
        },
        finding,
      );
    expect(found?.observation.includes('"often" of the logger payments was logged 9 times') ?? false).toBe(
      isFound,
    );
  },
);

const logging = (throughMainPercent: number | null) => ({
  ...pattern('cache <num>', 70, 'cache'),
  place: { name: 'lookup', file: '/srv/cache.ts', line: 7 },
  through: throughMainPercent === null ? null : { name: 'write', file: '/srv/log.ts', line: 3 },
  throughMainPercent,
});

test.each<[number, number, number | null, string | undefined]>([
  [2, 5_000, 30, undefined],
  [9, 5_000, null, undefined],
  [9, 5_000, 9.9, undefined],
  [20, 50, 30, undefined],
  [4, 5_000, 12, 'warning'],
  [20, 500, null, 'warning'],
  [20, 500, 45, 'critical'],
  [60, 9_000, 20, 'critical'],
])(
  'writing takes %i %% of main for %i lines per second, their logging function %s %%',
  (writingShare10sPercent, linesPerSecond10s, throughMainPercent, severity) => {
    const finding = flood.when({ writingShare10sPercent, linesPerSecond10s }, []);
    const found = finding && flood.conclude({ patterns: [logging(throughMainPercent)] }, finding);
    expect(found?.severity).toBe(severity);
    if (severity === undefined) return;
    expect(found?.observation).toContain('logged by lookup (/srv/cache.ts:7): 70 lines');
    expect(found?.subjects).toMatchObject([
      { kind: 'function', name: 'lookup', value: linesPerSecond10s },
      { kind: 'logger', name: 'cache', value: linesPerSecond10s },
      ...(throughMainPercent === null
        ? []
        : [{ kind: 'function', name: 'write', value: throughMainPercent }]),
    ]);
  },
);

test('a flood of lines from nobody that is known blames the logger', () => {
  const finding = { writingShare10sPercent: 20, linesPerSecond10s: 500 };
  const patterns = [{ ...logging(null), place: null }];
  expect(flood.conclude({ patterns }, finding)?.subjects).toMatchObject([{ kind: 'logger', name: 'cache' }]);
  expect(flood.conclude({ patterns: [] }, finding)?.subjects).toMatchObject([
    { kind: 'logger', name: 'stdout' },
  ]);
});

const MINUTE_MS = 60_000;
const startedAtMs = 1_000_000;

function fill(
  store: LogStore,
  fromMs: number,
  count: number,
  [level, message]: readonly [Level, string],
): void {
  for (let index = 0; index < count; index += 1)
    store.add({ atMs: fromMs + index * 100, level, logger: 'app', message });
}

test('errors are told against the minutes before the last one', () => {
  const store = createLogStore();
  for (let minute = 0; minute < 10; minute += 1)
    fill(store, startedAtMs + minute * MINUTE_MS, 4, ['error', 'usual']);
  const nowMs = startedAtMs + 11 * MINUTE_MS;
  fill(store, nowMs - 30_000, 30, ['error', 'sudden']);
  fill(store, nowMs - 30_000, 10, ['info', 'fine']);
  expect(errorFigures({ store, nowMs, startedAtMs })).toEqual({
    errors1m: 30,
    errorPercent1m: 75,
    baselinePerMinute: 4,
    baselineMinutes: 10,
  });
  expect(errorFigures({ store, nowMs, startedAtMs: nowMs - 90_000 }).baselinePerMinute).toBeUndefined();
});

test.each<
  [string, { readonly afterMs: number; readonly count?: number; readonly linesBefore?: number }, boolean]
>([
  ['at the start', { afterMs: 3_000 }, false],
  ['soon, for how often it comes', { afterMs: 30_000, count: 5 }, false],
  ['after few lines', { afterMs: 60_000, linesBefore: 5 }, false],
  ['late', { afterMs: 60_000 }, true],
  ['late, and is a glitch', { afterMs: 60_000, count: 2 }, false],
])(
  'an error pattern that begins %s is new or not',
  (_, { afterMs, count = 51, linesBefore = 600 }, isNewOne) => {
    const store = createLogStore();
    const atMs = startedAtMs + afterMs;
    for (let line = 0; line < linesBefore; line += 1)
      store.add({
        atMs: startedAtMs + line,
        level: line % 100 === 0 ? 'error' : 'info',
        logger: 'app',
        message: 'usual',
      });
    for (let line = 0; line < count; line += 1)
      store.add({
        atMs: atMs + (line * 20_000) / 50,
        level: 'error',
        logger: 'app',
        message: 'sudden failure of it',
      });
    const view = { store, nowMs: atMs + (count * 20_000) / 50, startedAtMs };
    expect(newestErrorPattern(view)?.pattern.text).toBe(isNewOne ? 'sudden failure of it' : undefined);
  },
);

test('a flood of others does not push the errors out, and what is kept is bounded', () => {
  const store = createLogStore();
  fill(store, startedAtMs, 700, ['error', 'broken']);
  fill(store, startedAtMs + 100_000, 9_000, ['debug', 'chatter']);
  expect(store.lines('error')).toHaveLength(500);
  expect(store.lines().length).toBeLessThanOrEqual(2_500);
  expect(store.lines()[0]?.atMs).toBeGreaterThan(store.lines().at(-1)?.atMs ?? 0);
});
