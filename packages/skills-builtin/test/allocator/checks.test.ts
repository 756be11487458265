import { expect, test } from 'vitest';
import { externalGrowth } from '../../src/allocator/check-external.ts';
import { heapFragmented } from '../../src/allocator/check-fragmentation.ts';
import { nativeGrowth } from '../../src/allocator/check-native.ts';
import { spacesOf } from '../../src/allocator/spaces.ts';

const external = (risenMb: number, floorMb: number, onlyGrows = true) => ({
  externalOnlyGrows: onlyGrows,
  externalRisenMb: risenMb,
  externalFloorMb: floorMb,
  externalMbPerMinute: risenMb,
  externalWindowSeconds: 60,
});

test.each<[string, ReturnType<typeof external>, boolean]>([
  ['a steady rise', external(80, 90), true],
  ['a rise that falls in between', external(80, 90, false), false],
  ['a small rise', external(20, 30), false],
  ['a small rise beside much that stays', external(80, 900), false],
])('%s of external memory is looked into or not', (_, snapshot, isFound) => {
  expect(externalGrowth.when(snapshot, []) !== undefined).toBe(isFound);
});

const maker = {
  name: 'scanPage',
  file: '/srv/archive.js',
  line: 7,
  makes: [{ what: 'Buffer.alloc', line: 8, isHandedOn: true }],
  callers: [{ name: 'upload', file: '/srv/http.js', line: 2 }],
  aliveHeapMb: 1.5,
  samples: 4,
};

test.each<[string, object, number, string | undefined]>([
  ['left by a full collection', { externalAfterGcMb: 88, makers: [maker] }, 80, 'critical'],
  ['emptied by a full collection', { externalAfterGcMb: 20, makers: [maker] }, 80, undefined],
  ['not collected, above what V8 leaves lying', { makers: [maker] }, 80, 'critical'],
  ['not collected, below it', { makers: [maker] }, 40, undefined],
])('external memory that was %s is judged', (_, evidence, risenMb, severity) => {
  const finding = externalGrowth.when(external(risenMb, risenMb + 10), []) ?? {};
  expect(externalGrowth.conclude({ ...evidence }, finding)?.severity).toBe(severity);
});

test('the function is named with how it makes Buffers, its caller and what was measured', () => {
  const finding = externalGrowth.when(external(80, 90), []) ?? {};
  expect(externalGrowth.conclude({ externalAfterGcMb: 88, makers: [maker] }, finding)).toMatchObject({
    observation:
      '88 MB of external memory were left after a full collection; scanPage (/srv/archive.js:7) makes Buffers (Buffer.alloc in line 8), called by upload (/srv/http.js:2): of the small objects that it allocated about 1.5 MB are alive, it was on the stack in 4 CPU samples of the last minute.',
    subjects: [{ kind: 'function', name: 'scanPage', value: 80, unit: 'MB/min' }],
  });
  expect(externalGrowth.conclude({ externalAfterGcMb: 88, makers: [] }, finding)?.subjects).toMatchObject([
    { kind: 'process', name: 'external memory' },
  ]);
});

test.each<[string, readonly object[], readonly string[]]>([
  ['the only one that runs', [{ ...maker, aliveHeapMb: 0 }], ['scanPage']],
  [
    'one that hands on beside one that does not',
    [
      { ...maker, name: 'sum', aliveHeapMb: 0, makes: [] },
      { ...maker, aliveHeapMb: 0 },
    ],
    ['scanPage'],
  ],
  [
    'two that run',
    [
      { ...maker, aliveHeapMb: 0 },
      { ...maker, aliveHeapMb: 0 },
    ],
    ['external memory'],
  ],
  [
    'one with objects alive beside one without',
    [maker, { ...maker, name: 'sum', aliveHeapMb: 0 }],
    ['scanPage'],
  ],
  ['two with as many', [maker, { ...maker, name: 'rotate', aliveHeapMb: 1 }], ['scanPage', 'rotate']],
])('of %s what is told is right', (_, makers, names) => {
  const evidence = { externalAfterGcMb: 88, makers: makers.map((one) => ({ ...one })) };
  const found = externalGrowth.conclude(evidence, externalGrowth.when(external(80, 90), []) ?? {});
  expect(found?.subjects.map(({ name }) => name)).toEqual(names);
});

const native = (changes: object) => ({
  nativeOnlyGrows: true,
  nativeRisenMb: 100,
  nativeFloorMb: 180,
  nativeRssRisenMb: 105,
  nativeHeapRisenMb: 2,
  nativeExternalRisenMb: 1,
  nativeMbPerMinute: 100,
  nativeWindowSeconds: 60,
  rssMb: 300,
  threads: 11,
  ...changes,
});

test.each<[string, object, boolean]>([
  ['a rise of rss alone', {}, true],
  ['what falls in between', { nativeOnlyGrows: false }, false],
  ['what V8 gave back to malloc', { nativeRssRisenMb: 10 }, false],
  ['a rise beside one of external memory', { nativeExternalRisenMb: 80 }, false],
  ['a rise beside one of the heap', { nativeHeapRisenMb: 80 }, false],
  ['a small rise', { nativeRisenMb: 40 }, false],
])('%s is native growth or not', (_, changes, isFound) => {
  expect(nativeGrowth.when(native(changes), []) !== undefined).toBe(isFound);
});

test('native growth is told with the kinds of mapping that hold most', () => {
  const finding = nativeGrowth.when(native({}), []) ?? {};
  const kinds = { mallocHeap: { rssMb: 140 }, files: { rssMb: 50 }, reserved: { rssMb: 0 } };
  expect(nativeGrowth.conclude({ kinds }, finding)).toMatchObject({
    severity: 'warning',
    observation: expect.stringContaining("malloc's main heap hold 140 MB, mapped files hold 50 MB"),
  });
});

test.each<[string, number, number, number, string | undefined]>([
  ['well used', 70, 120, 300, undefined],
  ['half empty', 45, 120, 300, 'info'],
  ['nearly empty', 20, 120, 300, 'warning'],
  ['small', 20, 40, 300, undefined],
  ['emptied just now', 20, 120, 60, undefined],
])('a heap that is %s is judged', (_, heapUsageMax5mPercent, heapUnusedMin5mMb, seconds, severity) => {
  const snapshot = { heapUsageMax5mPercent, heapUnusedMin5mMb, heapUsageWindowSeconds: seconds };
  const finding = heapFragmented.when(snapshot, []);
  const found = finding && heapFragmented.conclude({ spaces: [] }, finding);
  expect(found?.severity).toBe(severity);
});

test('the space that is emptiest is named, and it is not the young one', () => {
  const mb = 1_048_576;
  const spaces = spacesOf([
    { space_name: 'read_only_space', space_size: 0, space_used_size: 0 },
    { space_name: 'old_space', space_size: 90 * mb, space_used_size: 20 * mb },
    { space_name: 'new_space', space_size: 96 * mb, space_used_size: mb },
  ]);
  expect(spaces.map(({ name }) => name)).toEqual(['new_space', 'old_space']);
  const found = heapFragmented.conclude(
    { spaces: spaces.map((space) => ({ ...space })) },
    { maxPercent: 20 },
  );
  expect(found?.observation).toContain('old_space has the most, with 20 MB used of 90 MB');
});
