import type { GcEvent, VitalsSample } from '@nodelens/core';
import { expect, test } from 'vitest';
import { floorTrend, roughTrend } from '../src/heap-floor.ts';

const sample = (second: number, heapUsedMb: number): VitalsSample => ({
  atMs: second * 1000,
  heapUsedMb,
  rssMb: 0,
  heapTotalMb: 0,
  externalMb: 0,
  arrayBuffersMb: 0,
  eventLoopUtilization: 0,
  eventLoopDelayP50Ms: 0,
  eventLoopDelayP99Ms: 0,
  eventLoopDelayMaxMs: 0,
  mainCpuPercent: 0,
  processCpuPercent: 0,
});

/** Newest first, one a second. */
const series = (heap: (second: number) => number, seconds: number): VitalsSample[] =>
  Array.from({ length: seconds }, (_, second) => sample(second, heap(second))).reverse();

const major = (second: number): GcEvent => ({
  atMs: second * 1000,
  kind: 'major',
  durationMs: 20,
  forced: false,
});

test('a saw-tooth on a level floor does not rise', () => {
  const trend = floorTrend(
    series((second) => 20 + (second % 5) * 10, 60),
    [],
  );
  expect(trend).toMatchObject({ floorMb: 20, risenMb: 0, basis: 'minima' });
});

test('a saw-tooth on a rising floor rises, and only grows', () => {
  const trend = floorTrend(
    series((second) => 20 + second + (second % 5) * 10, 60),
    [],
  );
  expect(trend).toMatchObject({ onlyGrows: true, basis: 'minima' });
  expect(trend?.mbPerMinute).toBeCloseTo(60, 0);
});

test('full collections count before lowest readings', () => {
  const heap = (second: number): number => 50 + second - (second >= 30 ? 30 : 0);
  expect(floorTrend(series(heap, 60), [major(30), major(5)])).toMatchObject({
    basis: 'major-gc',
    floorMb: 50,
    risenMb: -5,
    onlyGrows: false,
  });
});

test('a floor that falls in between does not only grow', () => {
  const heap = (second: number): number => (second < 20 ? 50 : second < 40 ? 20 : 90);
  expect(floorTrend(series(heap, 60), [])).toMatchObject({ onlyGrows: false });
});

test('a full collection counts when a reading shows what it left: memory is published once a second', () => {
  const heap = (second: number): number => (second === 59 ? 90 : 30 + (second % 20) * 3);
  const collections = [major(58.5), major(40), major(20)];
  expect(floorTrend(series(heap, 60), collections)).toMatchObject({ floors: 2, floorMb: 30, risenMb: 0 });
  const shown = [sample(60, 31), ...series(heap, 60)];
  expect(floorTrend(shown, collections)).toMatchObject({ floors: 3, floorMb: 31, risenMb: 1 });
});

test.each<[string, number, number, boolean]>([
  ['has risen', 50, 20, true],
  ['has fallen', 20, -10, false],
])('a rough trend goes by the first and the last part: what %s', (_, lastMb, risenMb, onlyGrows) => {
  const heap = (second: number): number => (second < 4 ? 30 : second < 8 ? 90 : lastMb);
  const trend = roughTrend(series(heap, 12));
  expect(trend).toMatchObject({ risenMb, floorMb: lastMb, onlyGrows, basis: 'minima' });
});

test.each([0, 1, 5])('%i seconds tell nothing', (seconds) => {
  expect(
    floorTrend(
      series(() => 10, seconds),
      [],
    ),
  ).toBeUndefined();
});
