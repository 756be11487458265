import type { GcEvent, VitalsSample } from '@nodelens/core';
import { expect, test } from 'vitest';
import { floorSinceStart, isGrowth, risenWithoutFloor } from '../../src/collections/floor.ts';

/** One reading a second, the oldest first. */
const readings = (...heap: readonly number[]): readonly VitalsSample[] =>
  heap.map((heapUsedMb, second) => ({ atMs: 1_000 * second, heapUsedMb }) as VitalsSample).reverse();

test.each<[string, readonly VitalsSample[], number | undefined]>([
  ['readings that rise', readings(30, 36, 42, 48, 54, 60), 18],
  ['a saw-tooth on a level floor', readings(30, 40, 50, 30, 40, 50), 0],
  ['readings that fall', readings(60, 50, 40, 30, 20), -20],
  ['too few for a floor to be there soon', readings(30, 40, 50), undefined],
  ['none', [], undefined],
])('what a process without a floor has risen by: %s', (_, samples, risenMb) => {
  expect(risenWithoutFloor(samples)).toBe(risenMb);
});

const majors = (...seconds: readonly number[]): readonly GcEvent[] =>
  seconds.map((second) => ({ atMs: 1_000 * second, kind: 'major', durationMs: 20, forced: false }));

/** As recorded of one leak of 60 to 100 MB per minute, as it was started again and again. */
test.each<[string, readonly VitalsSample[], readonly GcEvent[]]>([
  [
    'two full collections of before, which saw little of it',
    readings(37, 42, 36, 52, 42, 56, 52, 47, 43, 56, 49, 64, 60, 76, 92, 67),
    majors(1.1, 7.6),
  ],
  [
    'lowest readings of which one held less garbage by chance',
    readings(40, 45, 39, 56, 52, 47, 44, 60, 56, 52, 68, 84),
    [],
  ],
  [
    'lowest readings of before a full collection, which were mostly garbage',
    readings(45, 58, 44, 66, 58, 70, 83, 76, 90, 84, 98, 92, 107, 123, 116, 57, 71, 83, 73),
    majors(16.1),
  ],
  ['full collections that show it', readings(41, 43, 37, 53, 49, 45, 61, 58, 52, 68, 64, 80), majors(1, 6.2)],
])('a heap that climbs in its first minute is looked into: %s', (_, samples, collections) => {
  const floor = floorSinceStart(samples, collections);
  expect(floor !== undefined && isGrowth(floor)).toBe(true);
});

test.each<[string, readonly VitalsSample[], readonly GcEvent[]]>([
  ['a saw-tooth on a level floor', readings(33, 45, 44, 42, 54, 31, 41, 52, 34, 44, 55, 33), majors(4)],
  ['a heap that has fallen', readings(60, 62, 64, 66, 68, 70, 40, 42, 44, 46, 48, 50), majors(6)],
])('what does not climb is not: %s', (_, samples, collections) => {
  const floor = floorSinceStart(samples, collections);
  expect(floor !== undefined && isGrowth(floor)).toBe(false);
});

test('from the first minute on full collections alone count', () => {
  const saw = readings(...Array.from({ length: 62 }, (_, second) => 40 + second));
  expect(floorSinceStart(saw, majors(10, 15))).toMatchObject({ basis: 'major-gc', risenMb: 5 });
});
