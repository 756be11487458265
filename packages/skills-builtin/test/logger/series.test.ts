import { expect, test } from 'vitest';
import { createSeries } from '../../src/logger/series.ts';

const START_MS = 1_700_000_000_000;

/** One a second, of which the newest came at START_MS. */
function steady(): ReturnType<typeof createSeries> {
  const series = createSeries();
  for (let ago = 120; ago >= 0; ago -= 1) series.add(START_MS - ago * 1_000);
  return series;
}

test.each([0, 100, 900, 5_000, 9_900])(
  'a window of 10 s holds 10 s, %i ms after a step has begun',
  (lateMs) => {
    const series = steady();
    for (let at = 1_000; at <= lateMs; at += 1_000) series.add(START_MS + at);
    const sum = series.sum(10_000, START_MS + lateMs);
    expect(sum).toBeGreaterThanOrEqual(9);
    expect(sum).toBeLessThanOrEqual(11);
  },
);

test('what lies before the window does not count, nor what is older than 15 minutes', () => {
  const series = steady();
  expect(series.sum(60_000, START_MS)).toBe(61);
  expect(series.sum(60_000, START_MS + 70_000)).toBe(0);
  expect(series.sum(900_000, START_MS + 1_100_000)).toBe(0);
});
