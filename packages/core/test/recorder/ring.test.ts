import { expect, test } from 'vitest';
import { createRing } from '../../src/recorder/history/ring.ts';

const ring = (capacity: number) => createRing<{ atMs: number }>({ capacity, timeOf: ({ atMs }) => atMs });

test('the newest come first and the oldest fall out', () => {
  const history = ring(3);
  for (let atMs = 1; atMs <= 10; atMs++) history.push({ atMs });
  expect(history.newest().map(({ atMs }) => atMs)).toEqual([10, 9, 8]);
  expect(history.newest(2).map(({ atMs }) => atMs)).toEqual([10, 9]);
  expect(history.newest(0)).toEqual([]);
});

test('a window ends at the first item that is too old', () => {
  const history = ring(10);
  const now = Date.now();
  for (const ago of [90_000, 50_000, 10_000]) history.push({ atMs: now - ago });
  expect(history.since(60_000)).toHaveLength(2);
  expect(history.since(1_000)).toEqual([]);
});

test('an item can be replaced while it is there', () => {
  const history = ring(3);
  const old = { atMs: 1 };
  history.push(old);
  history.replace(old, { atMs: 2 });
  history.replace(old, { atMs: 3 });
  expect(history.newest()).toEqual([{ atMs: 2 }]);
});
