import type { JsonObject } from '@nodelens/core';
import { expect, test } from 'vitest';
import { unboundedGrowth as check } from '../../src/collections/check-growth.ts';

const rising = { heapFloorRisenMb: 40, heapFloorMb: 120, heapFloorOnlyGrows: true, externalRisenMb: 0 };
const finding = {
  risenMb: 40,
  floorMb: 120,
  externalRisenMb: 0,
  heapUsedMb: 140,
  mbPerMinute: 30,
  windowSeconds: 80,
};

const cache = (parts: JsonObject = {}): JsonObject => ({
  name: 'sessionCache',
  kind: 'Map',
  entries: 48_210,
  entriesPerMinute: 12_000,
  onlyGrows: true,
  estimatedMb: 30,
  estimatedMbPerMinute: 7,
  file: '/srv/session.js',
  line: 3,
  filledBy: [{ name: 'remember', file: '/srv/session.js', line: 9 }],
  emptiedBy: [],
  ...parts,
});
const evictor = [{ name: 'evict', file: '/srv/session.js', line: 20 }];

test.each<[string, JsonObject, boolean]>([
  ['a rising floor', {}, true],
  ['a floor that fell', { heapFloorOnlyGrows: false }, false],
  ['a rise that is small for its heap', { heapFloorMb: 900 }, false],
  ['growth outside of the heap', { heapFloorOnlyGrows: false, externalRisenMb: 30 }, true],
])('%s: looked into or not', (_, change, isFound) => {
  expect(check.when({ ...rising, ...change }, []) !== undefined).toBe(isFound);
});

const young = { heapUsedMb: 70, heapRisenWithoutFloorMb: 20, externalRisenMb: 0 };

test.each<[string, JsonObject, boolean]>([
  ['readings that rise', {}, true],
  ['readings that rise little', { heapRisenWithoutFloorMb: 5 }, false],
  ['a floor that is known, and level', { heapFloorMb: 50, heapFloorRisenMb: 0 }, false],
])('of a process too young for a floor, %s: looked into or not', (_, change, isFound) => {
  expect(check.when({ ...young, ...change }, []) !== undefined).toBe(isFound);
});

test.each<[string, JsonObject, boolean]>([
  ['it has risen', { floor: { risenMb: 26, floorMb: 64, onlyGrows: true, windowSeconds: 7 } }, true],
  ['it has fallen in between', { floor: { risenMb: 26, floorMb: 64, onlyGrows: false } }, false],
  ['it has risen little', { floor: { risenMb: 3, floorMb: 64, onlyGrows: true } }, false],
  ['there is none yet', {}, false],
])('of a process too young for a floor, the floor after the look counts: %s', (_, evidence, isTold) => {
  const told = check.conclude({ candidates: [cache()], ...evidence }, check.when(young, []) ?? {});
  expect(told !== undefined).toBe(isTold);
  if (isTold) expect(told?.context).toBe("The heap's floor rose by 26 MB to 64 MB within 7 s.");
});

test('the collection, its file and what fills it are named', () => {
  expect(check.conclude({ candidates: [cache()] }, finding)).toMatchObject({
    severity: 'warning',
    context: "The heap's floor rose by 40 MB to 120 MB within 80 s.",
    observation:
      'The Map sessionCache (/srv/session.js:3) holds 48,210 entries, about 30 MB, and grows by 12,000 entries per minute; remember (/srv/session.js:9) adds to it, and no code that removes from it was found.',
    subjects: [
      {
        kind: 'collection',
        name: 'sessionCache',
        file: '/srv/session.js',
        line: 3,
        value: 48_210,
        unit: 'entries',
      },
      { kind: 'function', name: 'remember', file: '/srv/session.js', line: 9 },
    ],
  });
});

test.each<[string, JsonObject]>([
  ['one that shrinks', cache({ onlyGrows: false })],
  ['a small one', cache({ entries: 90, estimatedMbPerMinute: 0.1 })],
  ['one that is emptied', cache({ emptiedBy: evictor })],
  [
    'one of much growth that is held to a size',
    cache({ emptiedBy: evictor, boundedBy: evictor, estimatedMbPerMinute: 25 }),
  ],
])('%s is no leak', (_, candidate) => {
  expect(check.conclude({ candidates: [candidate] }, finding)).toBeUndefined();
});

test('few entries of great weight are one, as are too many in spite of an evictor', () => {
  expect(
    check.conclude({ candidates: [cache({ entries: 90, estimatedMbPerMinute: 50 })] }, finding),
  ).toBeDefined();
  const heavy = check.conclude({ candidates: [cache({ emptiedBy: evictor, estimatedMb: 80 })] }, finding);
  expect(heavy?.observation).toContain('evict (/srv/session.js:20) removes from it, but it never shrank');
  const growing = cache({ emptiedBy: evictor, estimatedMbPerMinute: 25 });
  expect(check.conclude({ candidates: [growing] }, finding)).toMatchObject({
    hypothesis: 'sessionCache takes in more than is removed from it.',
  });
});

test.each<[string, JsonObject, boolean]>([
  ['with most of what the heap grew by meanwhile', { heapGrownMb: 4, heapGrownMbPerMinute: 50 }, true],
  ['with little of it', { heapGrownMb: 9, heapGrownMbPerMinute: 120 }, false],
  ['while the heap hardly grew', { heapGrownMb: 1, heapGrownMbPerMinute: 12 }, false],
])('one that is emptied and grows slower than the floor did, %s', (_, grown, isTold) => {
  const growing = cache({ emptiedBy: evictor, estimatedMbPerMinute: 29 });
  const evidence = { candidates: [growing], heapMb: 140, floorMbPerMinute: 88, growingSites: [], ...grown };
  expect(check.conclude(evidence, finding) !== undefined).toBe(isTold);
});

test('a collection of which neither file nor filler is known is told all the same', () => {
  const found = check.conclude({ candidates: [cache({ file: '', line: null, filledBy: [] })] }, finding);
  expect(found?.subjects).toEqual([
    { kind: 'collection', name: 'sessionCache', value: 48_210, unit: 'entries' },
  ]);
  expect(found?.observation).toContain('what fills it was not found');
});

test.each([
  ['short and slower than before', { windowSeconds: 20 }, 9, 10, 'info'],
  ['short and as fast as before', { windowSeconds: 20 }, 9, 30, 'warning'],
  ['short and as fast as before, while others release memory', { windowSeconds: 20 }, 5, 12, 'warning'],
  ['long', { windowSeconds: 80 }, 9, 10, 'warning'],
])('growth by allocation that is %s', (_, change, heapGrownMb, heapGrownMbPerMinute, severity) => {
  const growingSites = [{ name: 'f', file: '/srv/a.js', line: 1, grownMb: 9 }];
  const evidence = { candidates: [], growingSites, heapGrownMb, heapGrownMbPerMinute };
  expect(check.conclude(evidence, { ...finding, ...change })?.severity).toBe(severity);
});

test.each<[string, JsonObject, string]>([
  [
    'shows a slower pace',
    { risenMb: 50, floorMb: 130, onlyGrows: true, mbPerMinute: 15, windowSeconds: 25 },
    'warning',
  ],
  ['has fallen', { risenMb: 30, floorMb: 110, onlyGrows: false, mbPerMinute: 15, windowSeconds: 25 }, 'info'],
])('what is steady is told by the floor after the look: it %s', (_, floor, severity) => {
  const growingSites = [{ name: 'f', file: '/srv/a.js', line: 1, grownMb: 9 }];
  const evidence = { candidates: [], growingSites, heapGrownMb: 9, heapGrownMbPerMinute: 10, floor };
  expect(check.conclude(evidence, { ...finding, windowSeconds: 20 })?.severity).toBe(severity);
});

test.each<[string, readonly number[], number, boolean]>([
  ['one site that grows', [9, 1], 10, true],
  ['growth in many sites', [4, 4, 4], 12, false],
  ['growth below the grain of the sampler', [2], 2, false],
  ['objects that are replaced', [9], 0.5, false],
  ['a small part of the growth', [4], 30, false],
  ['no growth', [], 0, false],
])('%s, without a collection by name', (_, grown, heapGrownMb, isFound) => {
  const sites = grown.map((grownMb, index) => ({ name: `f${index}`, file: '/srv/a.js', line: 1, grownMb }));
  const found = check.conclude({ candidates: [], growingSites: sites, heapGrownMb }, finding);
  expect(found?.subjects[0]?.name).toBe(isFound ? 'f0' : undefined);
});

test.each([
  [
    true,
    'What f makes is kept by something that the modules, listeners and globals of the app do not lead to.',
  ],
  [false, 'What f makes is kept by something that was not found.'],
])('what keeps it was looked for, to the end: %s', (isComplete, hypothesis) => {
  const growingSites = [{ name: 'f', file: '/srv/a.js', line: 1, grownMb: 9 }];
  const evidence = { candidates: [], growingSites, heapGrownMb: 9, isComplete };
  expect(check.conclude(evidence, finding)?.hypothesis).toBe(hypothesis);
});

test('growth is told with the time that the readings lay apart, which is longer where no core is free', () => {
  const growingSites = [{ name: 'f', file: '/srv/a.js', line: 1, grownMb: 9 }];
  const evidence = { candidates: [], growingSites, heapGrownMb: 9, heapGrownSeconds: 7.4 };
  expect(check.conclude(evidence, finding)?.observation).toContain(
    'The heap grew by 9 MB within 7.4 s, from',
  );
});

test('a function without a name is told with the one that called it', () => {
  const callers = ['(anonymous)', 'messageOf', 'handle'].map((name, line) => ({
    name,
    file: '/srv/a.js',
    line,
  }));
  const growingSites = [{ name: '(anonymous)', file: '/srv/a.js', line: 8, grownMb: 9, callers }];
  const found = check.conclude({ candidates: [], growingSites, heapGrownMb: 9 }, finding);
  expect(found?.subjects.map(({ name }) => name)).toEqual(['(anonymous)', 'messageOf']);
});

test('a pending promise that others are raced against is what keeps them', () => {
  const growingSites = [{ name: 'statementOf', file: '/srv/a.js', line: 8, grownMb: 9 }];
  const racedPromises = [
    { name: 'closing', file: '/srv/b.js', line: 1, racedBy: [{ name: 'guard', file: '/srv/b.js', line: 4 }] },
  ];
  const found = check.conclude({ candidates: [], growingSites, heapGrownMb: 9, racedPromises }, finding);
  expect(found?.observation).toContain('closing is pending, and guard (/srv/b.js:4) races others against it');
  expect(found?.subjects.map(({ name }) => name)).toEqual(['guard', 'statementOf']);
});

test.each<[string, readonly JsonObject[], readonly string[]]>([
  ['one that hides what it keeps', [{ opaque: 'streams' }], ['sessionCache', 'remember', 'rowsOf']],
  ['two of them', [{ opaque: 'streams' }, { opaque: 'promises', name: 'jobs' }], ['rowsOf']],
  ['one with a bound', [{ opaque: 'streams', boundedBy: evictor }], ['rowsOf']],
  ['one that hides nothing', [{ opaque: '' }], ['rowsOf']],
])('growth by allocation beside %s', (_, parts, named) => {
  const candidates = parts.map((one) =>
    cache({ emptiedBy: evictor, entries: 700, estimatedMb: 1, estimatedMbPerMinute: 1, ...one }),
  );
  const growingSites = [{ name: 'rowsOf', file: '/srv/a.js', line: 8, grownMb: 9 }];
  const found = check.conclude({ candidates, growingSites, heapGrownMb: 9 }, finding);
  expect(found?.subjects.map(({ name }) => name)).toEqual(named);
});
