// What the options change: which severity opens an incident, and how long it stays open.
import { expect, test } from 'vitest';
import {
  explained,
  finished,
  found,
  foundIn,
  MINUTE_MS,
  over,
  retold,
  type Story,
  triggered,
} from './incident-lab.ts';

const graveStories: readonly Story[] = [
  [
    'what is not grave enough is told when something as grave joins, with all of it',
    [
      [0, found('heap.full')],
      [5, found('gc.slow')],
      [7, found('runtime.blocked', 'critical')],
      [8, found('http.slow')],
      [9, over('runtime.blocked')],
      [10, over('heap.full')],
      [11, over('gc.slow')],
      [12, over('http.slow')],
    ],
    [
      '7 #1 opened critical: runtime.blocked is critical.',
      '8 #1 finding critical: http.slow is warning. | runtime.blocked is critical.',
      '27 #1 closed over after 12',
    ],
  ],
  [
    'what becomes worse, too; what an investigation finds as well',
    [
      [0, found('heap.full')],
      [5, found('heap.full', 'critical')],
      [6, over('heap.full')],
      [60, triggered('a')],
      [61, foundIn('a', 'gc.slow', 'critical')],
      [62, finished('a')],
    ],
    [
      '5 #1 opened critical: heap.full is critical.',
      '21 #1 closed over after 6',
      '61 #2 opened critical: gc.slow is critical.',
      '77 #2 closed over after 2',
    ],
  ],
  [
    'what never is that grave is never told, nor its end',
    [
      [0, found('heap.full')],
      [1, triggered('a')],
      [2, explained('a')],
      [3, finished('a')],
      [4, over('heap.full')],
    ],
    [],
  ],
];
test.each(graveStories)('of those who want only what is critical: %s', (_, news, lines) => {
  expect(retold(news, { rules: { minSeverity: 'critical' } })).toEqual({ lines, timers: 0 });
});

test('how long it has to be quiet, and how long it may last, are settings', () => {
  const rules = { quietMs: 2 * MINUTE_MS, longestMs: 30 * MINUTE_MS };
  const news = [
    [0, found('heap.full')],
    [1, over('heap.full')],
    [4, found('heap.full')],
  ] as const;
  expect(retold(news, { rules }).lines).toEqual([
    '0 #1 opened warning: heap.full is warning.',
    '3 #1 closed over after 1',
    '4 #2 opened warning: heap.full is warning.',
    '34 #2 closed too_long after 30',
  ]);
});
