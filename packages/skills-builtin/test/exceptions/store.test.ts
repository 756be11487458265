import type { JsonObject } from '@nodelens/core';
import { expect, test } from 'vitest';
import { createErrorStore, type ErrorStore } from '../../src/exceptions/error-store.ts';
import type { Fingerprint } from '../../src/exceptions/fingerprints.ts';
import { readOccurrence } from '../../src/exceptions/occurrence.ts';
import { peersOf } from '../../src/exceptions/peers.ts';
import { isBurst, isNew, type Times, usualOf } from '../../src/exceptions/suspicions.ts';

const MINUTE_MS = 60_000;
/** Recording begins at 0; a multiple of the steps in which is counted. */
const NOW = 30 * MINUTE_MS;

const stackAt = (line: number): string =>
  `\n    at charge (/srv/pay.ts:${line}:5)\n    at node:internal/x:1:1\n    at run (/srv/node_modules/lib/i.js:3:1)`;

const event = (parts: JsonObject = {}): JsonObject => ({
  atMs: NOW,
  kind: 'handled',
  source: 'http.client.request.error',
  type: 'Error',
  message: 'no',
  ...parts,
});

function storeOf(events: readonly JsonObject[], requests = 0): ErrorStore {
  const store = createErrorStore(() => requests);
  for (const one of events) store.add(one);
  return store;
}

const every = (ms: number, from: number, to: number, parts: JsonObject = {}): readonly JsonObject[] =>
  Array.from({ length: Math.floor((to - from) / ms) + 1 }, (_, i) =>
    event({ ...parts, atMs: from + i * ms }),
  );

test.each<[string, readonly JsonObject[], number]>([
  [
    'numbers and ids in messages',
    [event({ message: 'order 12 gone' }), event({ message: 'order 9 gone' })],
    1,
  ],
  ['other types', [event(), event({ type: 'TypeError' })], 2],
  ['other codes', [event({ code: 'A' }), event({ code: 'B' })], 2],
  ['other kinds', [event(), event({ kind: 'rejection' })], 2],
  ['other peers', [event({ peer: 'a:1' }), event({ peer: 'b:1' })], 2],
  ['other lines', [event({ stack: stackAt(1) }), event({ stack: stackAt(2) })], 2],
  ['the same line', [event({ stack: stackAt(1) }), event({ stack: stackAt(1) })], 1],
  ['those of a flood, without a stack', [event({ stack: stackAt(1) }), event(), event()], 1],
])('%s: one fingerprint or more', (_, events, count) => {
  expect(storeOf(events).fingerprints.all()).toHaveLength(count);
});

test('frames are of the app', () => {
  const read = readOccurrence(event({ stack: stackAt(7) }));
  expect(read.ownFrames).toEqual([{ name: 'charge', file: '/srv/pay.ts', line: 7, column: 5 }]);
  expect(read.frames.map(({ name }) => name)).toEqual(['charge', 'run']);
});

test.each<[JsonObject, boolean]>([
  [{ type: 'AbortError' }, true],
  [{ code: 'ABORT_ERR' }, true],
  [{ status: 404 }, true],
  [{ code: 'ECONNRESET', isCancelled: true }, true],
  [{ status: 500 }, false],
  [{ type: 'TimeoutError' }, false],
])('%j is expected or not', (parts, expected) => {
  expect(readOccurrence(event(parts)).isExpected).toBe(expected);
});

test.each([{}, { kind: 3, atMs: 'x', stack: 5, causes: 'none', errors: [1, null] }])(
  'a bad event is kept: %j',
  (bad) => {
    const store = storeOf([bad]);
    expect(store.recent()).toHaveLength(1);
  },
);

test('a flood of different errors is bounded, and the newest stay', () => {
  const letters = (i: number): string =>
    [...String(i)].map((digit) => String.fromCharCode(97 + Number(digit))).join('');
  const store = storeOf(Array.from({ length: 5_000 }, (_, i) => event({ message: `no ${letters(i)}` })));
  expect(store.fingerprints.all()).toHaveLength(300);
  expect(store.recent()).toHaveLength(500);
  expect(store.recent()[0]?.occurrence.message).toBe(`no ${letters(4_999)}`);
  expect(store.count('handled', MINUTE_MS, NOW)).toBe(5_000);
});

const span = (traceId: string, parts: JsonObject = {}): JsonObject =>
  event({ source: 'span', traceId, ...parts });

test.each<[string, readonly JsonObject[], number]>([
  ['a span of an error that a channel told', [event(), span('a')], 1],
  ['two of them for one error', [event(), span('a'), span('b')], 2],
  ['spans around a span', [span('a'), span('a')], 1],
  ['spans of different requests', [span('a'), span('b')], 2],
  ['a span long after', [event(), span('a', { atMs: NOW + MINUTE_MS })], 2],
])('%s: counted %#', (_, events, count) => {
  expect(storeOf(events).recent()).toHaveLength(count);
});

const times = (parts: Partial<Times> = {}): Times => ({
  nowMs: NOW,
  startedAtMs: 0,
  requests: 0,
  requests1m: 0,
  ...parts,
});

const only = (events: readonly JsonObject[], requests = 0): Fingerprint =>
  storeOf(events, requests).fingerprints.all()[0] as Fingerprint;

const before = (ms: number): readonly JsonObject[] => every(ms, NOW - 14 * MINUTE_MS, NOW - MINUTE_MS);
const now = (ms: number, parts: JsonObject = {}): readonly JsonObject[] =>
  every(ms, NOW - 50_000, NOW, parts);

test.each<[string, readonly JsonObject[], Partial<Times>, boolean]>([
  ['far more often than before', [...before(20_000), ...now(1_000)], {}, true],
  ['as often as always', [...before(5_000), ...now(5_000)], {}, false],
  ['twice as often', [...before(4_000), ...now(2_000)], {}, false],
  ['few, though more', [...before(300_000), ...now(6_000)], {}, false],
  ['what is usual is not known', now(1_000), { startedAtMs: NOW - 70_000 }, false],
  ['for every fourth request', now(1_000), { startedAtMs: NOW - 70_000, requests1m: 200 }, true],
  ['for every hundredth request', now(1_000), { startedAtMs: NOW - 70_000, requests1m: 5_000 }, false],
  ['the fault of who asks', now(1_000, { status: 404 }), { requests1m: 60 }, false],
  ['over by now', [...before(20_000), ...every(500, NOW - 50_000, NOW - 20_000)], {}, false],
  ['nobody caught it', now(1_000, { kind: 'rejection' }), { requests1m: 60 }, false],
  ['a glitch', [...before(20_000), ...every(10, NOW - 1_000, NOW)], {}, false],
])('%s: a burst or not', (_, events, parts, expected) => {
  expect(isBurst(only(events), times(parts))).toBe(expected);
});

test.each<[string, readonly JsonObject[], Partial<Times>, number, boolean]>([
  ['after a quiet time', now(1_000), {}, 0, true],
  ['soon after the start', now(10_000), { startedAtMs: NOW - 60_000 }, 0, false],
  ['a glitch', every(10, NOW - 1_000, NOW), {}, 0, false],
  ['over by now', every(500, NOW - 50_000, NOW - 20_000), {}, 0, false],
  ['as old as ten minutes', every(1_000, NOW - 10 * MINUTE_MS, NOW), {}, 0, false],
  ['four times', every(5_000, NOW - 15_000, NOW), {}, 0, false],
  ['the fault of who asks', now(1_000, { type: 'AbortError' }), {}, 0, false],
  ['as soon as there are requests', now(1_000), { requests: 5_000 }, 100, false],
  ['after many requests without it', now(1_000), { requests: 5_000 }, 4_000, true],
])('%s: new or not', (_, events, parts, requestsBefore, expected) => {
  expect(isNew(only(events, requestsBefore), times(parts))).toBe(expected);
});

test('what is usual is told by the minutes that were recorded', () => {
  const fingerprint = only([...before(30_000), ...now(10_000)]);
  expect(usualOf(fingerprint, times())).toMatchObject({ perMinute: expect.closeTo(2, 0), minutes: 14 });
  expect(usualOf(fingerprint, times({ startedAtMs: NOW - 2 * MINUTE_MS })).perMinute).toBeUndefined();
});

const to = (peer: string, code = 'ECONNREFUSED'): JsonObject => ({ peer, code, message: `${code} ${peer}` });

test.each<[string, readonly JsonObject[], boolean]>([
  ['refused all the time', now(1_000, to('db:5432')), true],
  ['refused while it restarts', every(100, NOW - 2_000, NOW, to('db:5432')), false],
  ['refused now and then', now(20_000, to('db:5432')), false],
  ['refused, but no longer', every(1_000, NOW - 50_000, NOW - 20_000, to('db:5432')), false],
  ['connections break now and then', now(2_000, to('db:5432', 'ECONNRESET')), false],
  [
    'connections are broken off by the app',
    now(500, { ...to('db:5432', 'ECONNRESET'), isCancelled: true }),
    false,
  ],
  ['connections break twice a second', now(500, to('db:5432', 'ECONNRESET')), true],
])('a peer: %s', (_, events, isFailing) => {
  const { fingerprints } = storeOf(events);
  expect(peersOf(fingerprints.all(), { windowMs: MINUTE_MS, nowMs: NOW })[0]?.isFailing ?? false).toBe(
    isFailing,
  );
});

test('peers are told with their codes, most errors first', () => {
  const { fingerprints } = storeOf([
    ...now(5_000, to('db:5432')),
    ...now(1_000, to('mail:25', 'ETIMEDOUT')),
    ...now(10_000, to('mail:25', 'ENOTFOUND')),
    ...now(1_000, { message: 'an answer that was no good', peer: 'mail:25' }),
  ]);
  expect(peersOf(fingerprints.all(), { windowMs: MINUTE_MS, nowMs: NOW })).toMatchObject([
    {
      peer: 'mail:25',
      errors: 57,
      codes: [
        ['ETIMEDOUT', 51],
        ['ENOTFOUND', 6],
      ],
    },
    { peer: 'db:5432', errors: 11 },
  ]);
});
