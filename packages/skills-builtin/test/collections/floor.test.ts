import type { VitalsSample } from '@nodelens/core';
import { expect, test } from 'vitest';
import { risenWithoutFloor } from '../../src/collections/floor.ts';

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
