import { expect, test } from 'vitest';
import { growthOf, type Reading, strongestGrowth } from '../../src/allocator/growth.ts';

const readings = (seconds: number, mbAt: (second: number) => number): readonly Reading[] =>
  Array.from({ length: seconds + 1 }, (_, second) => ({ atMs: second * 1_000, mb: mbAt(second) }));

test.each<[string, (second: number) => number, boolean]>([
  ['steady growth', (second) => 10 + second, true],
  ['growth with peaks in between', (second) => 10 + second + (second % 3) * 20, true],
  ['rise and fall', (second) => 10 + (second % 10) * 5, false],
  ['one jump', (second) => (second < 30 ? 10 : 90), false],
  ['a pool that fills to its bound', (second) => Math.min(40, 10 + second), false],
  ['nothing', () => 10, false],
])('%s only grows or not', (_, mbAt, onlyGrows) => {
  expect(growthOf(readings(60, mbAt))?.onlyGrows).toBe(onlyGrows);
});

test('the rise is that of the lowest readings, and the rate is that of the window between them', () => {
  expect(growthOf(readings(100, (second) => second))).toEqual({
    floorMb: 80,
    risenMb: 80,
    mbPerMinute: 60,
    windowSeconds: 80,
    onlyGrows: true,
  });
});

test('less than 8 s is no window, and neither is one with a gap', () => {
  expect(growthOf(readings(7, (second) => second))).toBeUndefined();
  expect(
    growthOf(readings(60, (second) => second).filter(({ atMs }) => atMs < 20_000 || atMs > 40_000)),
  ).toBe(undefined);
});

test('growth that began a minute ago is found, and so is one that takes an hour', () => {
  const young = readings(3_600, (second) => (second < 3_540 ? 100 : 100 + (second - 3_540) * 2));
  expect(strongestGrowth(young, 3_600_000)).toMatchObject({ onlyGrows: true, windowSeconds: 47 });
  const slow = readings(3_600, (second) => 100 + second / 40);
  expect(strongestGrowth(slow, 3_600_000)).toMatchObject({ onlyGrows: true, risenMb: 72 });
});
