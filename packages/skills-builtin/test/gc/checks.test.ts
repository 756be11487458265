import type { Stall } from '@nodelens/core';
import { expect, test } from 'vitest';
import { churn } from '../../src/gc/check-churn.ts';
import { longPause, nearLimit } from '../../src/gc/check-heap.ts';
import { noRoom } from '../../src/gc/check-room.ts';
import { judgeCollections, ownMs } from '../../src/gc/own-time.ts';
import { roomOf } from '../../src/gc/room.ts';

const site = {
  name: 'buildCurve',
  file: '/srv/report.js',
  line: 7,
  callers: [{ name: 'report', file: '/srv/s.js', line: 2 }],
};
const evidence = (pauseSharePercent: number, mbPerSecond: number, share: number) => ({
  stats: { pauseSharePercent, minor: { perMinute: 1_200 } },
  allocators: { mbPerSecond, sites: [{ ...site, share }] },
});

test.each<[string, number, boolean]>([
  ['a busy server', 3, false],
  ['collections that are felt', 6, true],
])('%s: churn is looked into or not', (_, pauseShare10sPercent, isFound) => {
  expect(churn.when({ pauseShare10sPercent }, []) !== undefined).toBe(isFound);
});

test.each<[string, number, number, boolean]>([
  ['a busy process that makes much garbage', 85, 3, true],
  ['a busy process that makes little', 85, 0.2, false],
  ['an idle process', 10, 3, false],
])('%s of which collections are cheap: looked into or not', (_, cpu, minors, isFound) => {
  const snapshot = { pauseShare10sPercent: 3, processCpu10sPercent: cpu, minorPerSecond10s: minors };
  expect(churn.when(snapshot, []) !== undefined).toBe(isFound);
});

test.each<[string, ReturnType<typeof evidence>, string | undefined]>([
  ['a large share', evidence(14, 90, 0.8), 'warning'],
  ['a very large share', evidence(30, 300, 0.8), 'critical'],
  ['a moderate share at a high rate by one function', evidence(7, 300, 0.8), 'warning'],
  ['a moderate share at a high rate by many', evidence(7, 300, 0.2), undefined],
  ['a moderate share at a moderate rate', evidence(7, 60, 0.9), undefined],
])('%s is judged', (_, found, severity) => {
  expect(churn.conclude(found, {})?.severity).toBe(severity);
});

test('the function is named with its caller and its rate', () => {
  expect(churn.conclude(evidence(14, 100, 0.8), {})).toMatchObject({
    observation:
      'buildCurve (/srv/report.js:7) allocated 80 % of 100 MB per second; it is called by report (/srv/s.js:2).',
    subjects: [{ kind: 'function', name: 'buildCurve', value: 80, unit: 'MB/s' }],
  });
});

test('without a function that stands out the heap is what it is about', () => {
  expect(churn.conclude(evidence(14, 100, 0.1), {})?.subjects).toMatchObject([
    { kind: 'process', name: 'heap' },
  ]);
});

test.each<[number, number, boolean]>([
  [80, 0, false],
  [150, 2, false],
  [150, 3, true],
  [260, 1, true],
])('a longest pause of %i ms, %i of 100 ms: long or not', (longestPause1mMs, longPauses1m, isFound) => {
  expect(longPause.when({ longestPause1mMs, longPauses1m }, []) !== undefined).toBe(isFound);
});

test('forced collections are not counted among the long ones', () => {
  const gc = (durationMs: number, forced: boolean) => ({ durationMs, forced, kind: 'major' });
  const found = longPause.conclude({ recent: [gc(900, true), gc(260, false)] }, { longestMs: 260 });
  expect(found?.observation).toContain('for 260 ms.');
});

test('the time in which the machine gave no core is taken off a collection', () => {
  const events = [
    { atMs: 10_100, kind: 'major', durationMs: 600, forced: false },
    { atMs: 20_000, kind: 'major', durationMs: 120, forced: false },
  ] as const;
  const stall = { startedAtMs: 10_050, durationMs: 700, starvedMs: 630 } as Stall;
  expect(judgeCollections(events, [stall]).map(ownMs)).toEqual([60, 120]);
});

test.each<[number, number, string | undefined]>([
  [84, 0, undefined],
  [86, 86, 'warning'],
  [95, 95, 'critical'],
  [95, 60, undefined],
])('a heap at %i %% that is at %i %% when looked at', (heapUsedPercent, usedPercent, severity) => {
  const finding = nearLimit.when({ heapUsedPercent }, []);
  const found = finding && nearLimit.conclude({ pressure: { usedPercent }, stats: {} }, finding);
  expect(found?.severity).toBe(severity);
});

const spaces = (youngMb: number, oldMb: number) => [
  { name: 'read_only_space', usedMb: 0.2, availableMb: 0 },
  { name: 'new_space', usedMb: 1, availableMb: youngMb - 1 },
  { name: 'new_large_object_space', usedMb: 0, availableMb: youngMb },
  { name: 'old_space', usedMb: oldMb, availableMb: 4 },
];

test.each<[string, number, number | undefined, number, boolean]>([
  ['a young generation as large as what is left', 64, 17, 100, true],
  ['a smaller one', 16, 17, 100, false],
  ['a larger limit', 64, 17, 400, false],
  ['a heap of which nothing is known but what it holds', 64, undefined, 100, true],
  ['a heap that is nearly full', 16, undefined, 30, true],
])('%s: room is told', (_, youngMb, floorMb, limitMb, isTooSmall) => {
  expect(roomOf(spaces(youngMb, 20), { floorMb, limitMb })).toMatchObject({ known: true, isTooSmall });
});

test('without the limit nothing is told of room', () => {
  expect(roomOf(spaces(64, 20), { floorMb: 17, limitMb: undefined })).toEqual({ known: false });
});

const roomEvidence = (majorPerSecond: number, floorMb: number, youngMb = 64, minorMs = 0) => ({
  ...evidence(17, 37, 0.4),
  stats: {
    windowSeconds: 10,
    pauseSharePercent: 17,
    minor: { perMinute: 600, totalMs: minorMs },
    major: { perMinute: 60 * majorPerSecond, totalMs: 1_700 },
  },
  room: roomOf(spaces(youngMb, 90), { floorMb, limitMb: 100 }),
});

test.each<[string, ReturnType<typeof roomEvidence>, string | undefined, string | undefined]>([
  ['full collections without an end', roomEvidence(30, 17), 'warning', undefined],
  ['as many of a heap that is nearly full', roomEvidence(30, 90), undefined, undefined],
  ['as many with room', roomEvidence(30, 17, 16), undefined, 'warning'],
  ['few', roomEvidence(0.5, 17), undefined, undefined],
  ['and costly ones of the young generation', roomEvidence(30, 90, 64, 1_300), undefined, 'warning'],
])('%s: the limit or a function is to blame, or none', (_, found, room, byFunction) => {
  expect(noRoom.conclude(found, {})?.severity).toBe(room);
  expect(churn.conclude(found, {})?.severity).toBe(byFunction);
});
