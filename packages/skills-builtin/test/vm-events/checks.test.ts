import type { JsonObject } from '@nodelens/core';
import { expect, test } from 'vitest';
import { listenerLeak } from '../../src/vm-events/check-listeners.ts';
import { gcBurst, heapNearLimit } from '../../src/vm-events/check-past.ts';
import { repeatedWarnings } from '../../src/vm-events/check-warnings.ts';

const frame = { name: 'subscribe', file: '/srv/feed.js', line: 12 };
const growth = (parts: JsonObject): JsonObject => ({
  event: 'tick',
  emitter: 'Feed',
  frame,
  warnedAgoMs: 60_000,
  listenersAtWarning: 11,
  listeners: 11,
  isGone: false,
  risen: 0,
  risenPerMinute: 0,
  ...parts,
});
const listenerKind = (count: number): JsonObject => ({
  name: 'MaxListenersExceededWarning',
  count,
  message: 'm',
  frame,
});

test.each<[string, JsonObject, JsonObject[], string | undefined]>([
  ['a count that grows on', { listeners: 40, risen: 29 }, [], 'warning'],
  ['a count that has stayed', {}, [], undefined],
  ['a count that rose a little', { listeners: 15, risen: 4 }, [], undefined],
  ['an emitter that is gone', { listeners: null, risen: null, isGone: true }, [], undefined],
  ['a count that main does not tell', { listeners: null, risen: null }, [], 'info'],
  ['many emitters from one place', { listeners: null, isGone: true }, [listenerKind(3)], 'warning'],
  ['two emitters from one place', { listeners: null, isGone: true }, [listenerKind(2)], undefined],
])('%s: a listener leak or not', (_, parts, kinds, severity) => {
  const found = listenerLeak.conclude({ growth: [growth(parts)], kinds }, {});
  expect(found?.severity).toBe(severity);
  if (found !== undefined) expect(found.subjects[0]).toMatchObject({ kind: 'function', ...frame });
});

test('a listener leak is told with its figures', () => {
  const grown = growth({ listeners: 40, risen: 29, risenPerMinute: 29 });
  expect(listenerLeak.conclude({ growth: [grown], kinds: [] }, {})).toMatchObject({
    context: 'Node.js warned 60 s ago: 11 "tick" listeners on one Feed.',
    observation:
      'subscribe (/srv/feed.js:12) added the listener that led to the warning; they are 40 now, 29 more (29 per minute).',
    subjects: [{ value: 40, unit: 'listeners' }],
  });
});

test.each<[string, string, number, boolean]>([
  ["Node's own three times", 'TimeoutOverflowWarning', 3, true],
  ["Node's own twice", 'TimeoutOverflowWarning', 2, false],
  ["the app's nine times", 'StockWarning', 9, false],
  ["the app's ten times", 'StockWarning', 10, true],
  ['one about listeners', 'MaxListenersExceededWarning', 50, false],
])('%s: repeated or not', (_, name, count, isFound) => {
  const found = repeatedWarnings.conclude([{ name, count, code: '', message: 'm', frame }], {});
  expect(found !== undefined).toBe(isFound);
});

const burst = (endedAgoMs: number): JsonObject => ({
  atMs: 1_000,
  endedAtMs: 9_000,
  endedAgoMs,
  count: 5,
  totalMs: 900,
  longestMs: 300,
});

test.each<[string, number[], string | undefined]>([
  ['one that gc sees', [20_000], undefined],
  ['one that is over', [200_000], 'info'],
  ['bursts that recur', [200_000, 500_000], 'warning'],
])('%s: a burst of long collections', (_, ended, severity) => {
  const stall = { type: 'stall', atMs: 2_000, durationMs: 300, gcMs: 200, culprit: frame };
  const around = { events: [stall], main: { heapUsedMb: 400 } };
  const found = gcBurst.conclude({ bursts: ended.map(burst), around }, {});
  expect(found?.severity).toBe(severity);
  if (found !== undefined) expect(found.subjects[0]).toMatchObject({ name: 'subscribe', value: 300 });
});

test('a large request in a burst of long collections is evidence of it, and no subject', () => {
  const upload = (atMs: number, requestBytes: number): JsonObject => ({
    type: 'large-request',
    atMs,
    durationMs: 50,
    route: 'POST /imports/:id',
    requestBytes,
    responseBytes: 0,
  });
  const told = (events: JsonObject[]): unknown =>
    gcBurst.conclude({ bursts: [burst(200_000)], around: { events } }, {});
  expect(told([upload(2_000, 2_097_152), upload(1_500, 31_457_280)])).toMatchObject({
    observation: expect.stringMatching(
      /POST \/imports\/:id was served at that time, with 30 MB in and 0 MB out\.$/,
    ),
    subjects: [{ kind: 'process' }],
  });
  expect(told([upload(9_500, 31_457_280)])).toMatchObject({
    observation: expect.not.stringContaining('/imports'),
  });
});

const stay = (peakPercent: number, aboveMs: number): JsonObject => ({
  edge: 'down',
  peakPercent,
  aboveMs,
  heapLimitMb: 1_000,
  heapUsedMb: 500,
  agoMs: 90_000,
});

test.each<[string, JsonObject[], string | undefined]>([
  ['one that is still there', [{ edge: 'up' }], undefined],
  ['a short and low one', [stay(87, 2_000)], undefined],
  ['a long one', [stay(87, 20_000)], 'info'],
  ['a high one', [stay(95, 2_000)], 'info'],
  ['some that recur', [stay(87, 2_000), stay(86, 1_000)], 'warning'],
])('%s: a stay of the heap near its limit', (_, evidence, severity) => {
  expect(heapNearLimit.conclude(evidence, { usedPercent: 50 })?.severity).toBe(severity);
});

test.each<[JsonObject, boolean]>([
  [{ heapNearLimitEdges15m: 1, heapUsedPercent: 50 }, true],
  [{ heapNearLimitEdges15m: 1, heapUsedPercent: 88 }, false],
  [{ heapNearLimitEdges15m: 0, heapUsedPercent: 50 }, false],
])('what gc.near_limit tells now is not told twice', (snapshot, isFound) => {
  expect(heapNearLimit.when(snapshot, []) !== undefined).toBe(isFound);
});
