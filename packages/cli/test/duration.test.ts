import { expect, test } from 'vitest';
import { formatDuration, formatUptime, parseDuration, writeDuration } from '../src/duration.ts';

const cases: readonly [string, number | undefined][] = [
  ['500ms', 500],
  ['120s', 120_000],
  ['2m', 120_000],
  ['1.5m', 90_000],
  ['0s', undefined],
  ['12', undefined],
  ['-1s', undefined],
  ['1.5h', 5_400_000],
  ['1d', undefined],
  ['', undefined],
  ['1e3ms', undefined],
];
test.each(cases)('%s is %s ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

test('durations are written as they are read, in the largest unit', () => {
  const written = [500, 1_500, 30_000, 90_000, 120_000, 7_200_000].map(writeDuration);
  expect(written).toEqual(['500ms', '1500ms', '30s', '90s', '2m', '2h']);
});

test('durations are short for people', () => {
  expect([12.4, 1_500, 61_000].map(formatDuration)).toEqual(['12 ms', '1.5 s', '1 min 1 s']);
});

test('uptimes are told in their two largest units', () => {
  expect([900, 61_000, 3_600_000, 187_200_000].map(formatUptime)).toEqual(['0s', '1m 1s', '1h 0m', '2d 4h']);
});
