import type { JsonObject } from '@nodelens/core';
import { expect, test } from 'vitest';
import { fillsHeap as check } from '../../src/collections/check-full-heap.ts';

const finding = { usedPercent: 93, heapUsedMb: 93, heapLimitMb: 100 };
const pages = { name: 'pages', kind: 'Map', entries: 2_650, estimatedMb: 70, file: '/srv/pages.js', line: 5 };
const index = { name: 'index', kind: 'Map', entries: 90_000, estimatedMb: 8, file: '/srv/index.js', line: 2 };
const filledBy = [{ name: 'keep', file: '/srv/pages.js', line: 12 }];

test.each<[string, JsonObject, boolean]>([
  ['a heap that is nearly full', { heapUsedPercent: 93 }, true],
  ['a heap with room', { heapUsedPercent: 60 }, false],
  ['a heap of which the limit is unknown', {}, false],
])('%s: looked into or not', (_, snapshot, isFound) => {
  expect(check.when(snapshot, []) !== undefined).toBe(isFound);
});

test('the collection that is most of a full heap is named with what fills it', () => {
  const found = check.conclude({ collections: [{ ...pages, filledBy }, index] }, finding);
  expect(found).toMatchObject({
    observation:
      'The Map pages (/srv/pages.js:5) holds 2,650 entries, about 70 MB, 70 % of what the heap may hold; keep (/srv/pages.js:12) adds to it.',
    subjects: [
      { kind: 'collection', name: 'pages', file: '/srv/pages.js', line: 5, value: 70, unit: 'MB' },
      { kind: 'function', name: 'keep', file: '/srv/pages.js' },
    ],
  });
});

test.each<[string, readonly JsonObject[]]>([
  ['many small ones', [index]],
  ['none by name', []],
])('a full heap of %s has no culprit here', (_, collections) => {
  expect(check.conclude({ collections }, finding)).toBeUndefined();
});
