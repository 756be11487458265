import type { JsonObject, JsonValue } from '@nodelens/core';
import { expect, test } from 'vitest';
import { errorBurst } from '../../src/http/check-error-burst.ts';
import { poolQueue } from '../../src/http/check-pool-queue.ts';
import { retryStorm } from '../../src/http/check-retry-storm.ts';
import { sameAtOnce } from '../../src/http/check-same-at-once.ts';
import { slowPeer } from '../../src/http/check-slow-peer.ts';
import { slowRoute } from '../../src/http/check-slow-route.ts';
import { answersUnread } from '../../src/http/check-unread-answers.ts';

const QUIET = { windowSeconds: 20, delayP99Ms: 3, stalledMs: 0 };
const figures = {
  windowSeconds: 10,
  count: 100,
  failures: 0,
  failedPercent: 0,
  perSecond: 10,
  p50Ms: 10,
  p95Ms: 20,
  queuedMs: 0,
  perServed: 1,
};
const usual = { ...figures, slices: 10 };
const row = (name: string, present: object = {}, rest: object = {}): JsonObject => ({
  name,
  ...figures,
  codes: {},
  present: { ...figures, ...present },
  usual,
  slowerPercent: 0,
  risenMs: 0,
  ...rest,
});
const slow = (name: string, p50Ms = 500): JsonObject =>
  row(name, { p50Ms }, { slowerPercent: 100, risenMs: p50Ms - 10 });
const failing = (name: string, rest: object = {}): JsonObject =>
  row(name, { failures: 40, failedPercent: 40, ...rest }, { codes: { ECONNREFUSED: 40 } });
const names = (conclusion: ReturnType<typeof slowPeer.conclude>): unknown =>
  conclusion?.subjects.map(({ name }) => name);

test.each<[string, JsonValue, unknown]>([
  ['as usual', { main: QUIET, peers: [row('http://a'), row('http://b')] }, undefined],
  ['one is slow', { main: QUIET, peers: [row('http://a'), slow('http://b')] }, ['http://b']],
  [
    'the slowest comes first',
    { main: QUIET, peers: [slow('http://a', 200), slow('http://b', 900)] },
    ['http://b', 'http://a'],
  ],
  ['main itself is late', { main: { ...QUIET, delayP99Ms: 400 }, peers: [slow('http://b')] }, undefined],
  ['main stood still', { main: { ...QUIET, stalledMs: 6_000 }, peers: [slow('http://b')] }, undefined],
  ['one fails', { main: QUIET, peers: [failing('http://a')] }, ['http://a']],
  [
    'one in ten fails',
    { main: QUIET, peers: [row('http://a', { failures: 10, failedPercent: 10 })] },
    undefined,
  ],
  ['one no longer answers', hanging({ p95Ms: 20 }), ['http://a']],
  ['one is polled for long', hanging({ p95Ms: 30_000 }), undefined],
  ['it answers as many late, beside short ones', longPolled(3), undefined],
  ['it answers few late, and many not at all', longPolled(1), ['http://a']],
  ['slow since the start, and felt', atOnce(3_000), ['http://a']],
  ['slow since the start, not felt', atOnce(10), undefined],
  ['nothing told', null, undefined],
])('slow_peer: %s', (_, evidence, subjects) => {
  expect(names(slowPeer.conclude(evidence, {}))).toEqual(subjects);
});

function hanging(before: object): JsonValue {
  return {
    main: QUIET,
    peers: [row('http://a', { count: 0 }, { usual: { ...usual, ...before } })],
    inFlight: {
      groups: [{ side: 'client', name: 'http://a', count: 9, unansweredLong: 9, oldestMs: 8_000 }],
    },
  } as JsonValue;
}

function longPolled(answeredLate: number): JsonValue {
  const group = { side: 'client', name: 'http://a', count: 4, unansweredLong: 4, oldestMs: 5_800 };
  return {
    main: QUIET,
    peers: [row('http://a', { count: 40 }, { usual: { ...usual, p95Ms: 20 }, answeredLate })],
    inFlight: { groups: [group] },
  } as JsonValue;
}

function atOnce(servedP50Ms: number): JsonValue {
  return {
    main: QUIET,
    peers: [row('http://a', { p50Ms: 3_000 }, { usual: null })],
    served: { p50Ms: servedP50Ms, recordedSeconds: 20 },
  } as JsonValue;
}

test('slow_peer tells what it cannot know as information only', () => {
  expect(slowPeer.conclude(atOnce(3_000), {})).toMatchObject({ severity: 'info' });
});

test.each<[string, JsonObject, unknown]>([
  ['quiet', { suspectPeers: [], outgoingInFlight: 2, oldestOutgoingMs: 90_000 }, undefined],
  ['suspects', { suspectPeers: ['http://a'] }, { suspects: ['http://a'], isHanging: false }],
  ['hanging', { outgoingInFlight: 3, oldestOutgoingMs: 6_000 }, { suspects: [], isHanging: true }],
])('slow_peer looks: %s', (_, snapshot, finding) => {
  expect(slowPeer.when(snapshot, [])).toEqual(finding);
});

test.each<[string, JsonValue, unknown]>([
  [
    'one of three',
    { main: QUIET, routes: [row('GET /a', { p50Ms: 400 }), row('GET /b'), row('GET /c')] },
    ['GET /a'],
  ],
  [
    'most of them',
    { main: QUIET, routes: [row('GET /a', { p50Ms: 400 }), row('GET /b', { p50Ms: 400 })] },
    undefined,
  ],
  ['a little', { main: QUIET, routes: [row('GET /a', { p50Ms: 90 }), row('GET /b')] }, undefined],
  ['few requests', { main: QUIET, routes: [row('GET /a', { p50Ms: 900, count: 4 })] }, undefined],
  [
    'main is late',
    { main: { ...QUIET, delayP99Ms: 300 }, routes: [row('GET /a', { p50Ms: 400 }), row('GET /b')] },
    undefined,
  ],
  ['never known', { main: QUIET, routes: [row('GET /a', { p50Ms: 400 }, { usual: null })] }, undefined],
])('slow_route: %s', (_, evidence, subjects) => {
  expect(names(slowRoute.conclude(evidence, {}))).toEqual(subjects);
});

test('slow_route names what its peers do at the same time', () => {
  const routes = [row('GET /a', { p50Ms: 400 }), row('GET /b'), row('GET /c')];
  const peers = [slow('http://p'), row('http://q', { queuedMs: 900 })];
  expect(slowRoute.conclude({ main: QUIET, routes, peers }, {})?.hypothesis).toBe(
    'At the same time http://p answers slowly, and requests to http://q wait for a connection: the route may wait for that.',
  );
});

test('error_burst names the route, its share and a peer that fails with it', () => {
  const routes = [
    row('GET /ok'),
    row('GET /pay', { failures: 30 }, { failures: 30, codes: { 502: 30 } }),
    row('GET /other', {}, { failures: 10, codes: { 500: 10 } }),
  ];
  const conclusion = errorBurst.conclude(
    { routes, peers: [failing('http://bank')] },
    { errors: 40, percent: 60 },
  );
  expect(conclusion).toMatchObject({
    severity: 'critical',
    observation: expect.stringMatching(/GET \/pay has 75 % .*30 of its 100 .*502 30 times/),
    hypothesis: expect.stringContaining('http://bank'),
    subjects: [{ kind: 'endpoint', name: 'GET /pay' }, { name: 'GET /other' }],
  });
  expect(errorBurst.conclude({ routes: [row('GET /ok')] }, {})).toBeUndefined();
});

test.each<[string, JsonObject, boolean]>([
  ['few', { server5xx20s: 4, server5xxPercent20s: 50 }, false],
  ['seldom', { server5xx20s: 40, server5xxPercent20s: 1, failingRoutes: [] }, false],
  ['often', { server5xx20s: 40, server5xxPercent20s: 8 }, true],
  ['one route of many', { server5xx20s: 40, server5xxPercent20s: 1, failingRoutes: ['GET /a'] }, true],
])('error_burst looks: %s', (_, snapshot, looks) => {
  expect(errorBurst.when(snapshot, []) !== undefined).toBe(looks);
});

const pool = { kind: 'http.Agent', peer: 'http://a', active: 2, queued: 9, maxSockets: 2 };
const waits = { peer: 'http://a', waiting: 9, oldestMs: 400 };
test.each<[string, JsonValue, unknown]>([
  ['full and waiting', { pools: [pool], waiting: [waits] }, ['http://a']],
  ['fetch', { pools: [{ ...pool, kind: 'undici', maxSockets: null }], waiting: [waits] }, ['http://a']],
  ['for a moment', { pools: [pool], waiting: [{ ...waits, oldestMs: 20 }] }, undefined],
  ['not full', { pools: [{ ...pool, active: 1 }], waiting: [waits] }, undefined],
  ['without a queue', { pools: [{ ...pool, queued: 0 }], waiting: [waits] }, undefined],
  ['nothing told', {}, undefined],
])('pool_queue: %s', (_, evidence, subjects) => {
  expect(names(poolQueue.conclude(evidence, {}))).toEqual(subjects);
});

test.each<[string, object, boolean]>([
  ['asked more, and failing', { perSecond: 40, perServed: 4 }, true],
  ['more is served as well', { perSecond: 40, perServed: 1 }, false],
  ['not failing', { perSecond: 40, perServed: 4, failures: 0, failedPercent: 0 }, false],
  ['failing as often as usual asked', { perSecond: 11, perServed: 1 }, false],
  ['nothing is served', { perSecond: 40, perServed: null }, false],
  ['less is served', { perSecond: 10, perServed: 4 }, false],
])('retry_storm: %s', (_, present, isStorm) => {
  const conclusion = retryStorm.conclude({ peers: [failing('http://a', present)] }, {});
  expect(conclusion !== undefined).toBe(isStorm);
});

const asks = (name: string, again: number): JsonObject => ({
  peer: 'http://a',
  from: { name, file: '/srv/client.mjs', line: 7 },
  samples: again + 3,
  again,
  againMs: 2,
});
test('retry_storm says nothing of a rate alone', () => {
  const rare = { usual: { ...usual, perServed: null } };
  const peers = [row('http://a', { perSecond: 40, perServed: null, failures: 40, failedPercent: 40 }, rare)];
  expect(retryStorm.conclude({ peers }, {})).toBeUndefined();
  expect(retryStorm.conclude({ peers, callers: [asks('send', 9)] }, {})).toBeDefined();
});

test.each<[string, readonly JsonObject[], unknown]>([
  ['one function asks again', [asks('send', 9), asks('poll', 1)], ['send', 'http://a']],
  ['two do alike', [asks('send', 9), asks('poll', 9)], ['http://a']],
  ['few stacks', [asks('send', 4)], ['http://a']],
  ['nothing is repeated', [asks('send', 0)], ['http://a']],
  ['of another peer', [{ ...asks('send', 9), peer: 'http://b' }], ['http://a']],
])('retry_storm names who asks again: %s', (_, callers, subjects) => {
  const peers = [failing('http://a', { perSecond: 40, perServed: 4 })];
  expect(names(retryStorm.conclude({ peers, callers }, {}))).toEqual(subjects);
});

const burst = { peer: 'http://a', call: 'GET http://a/list', bursts: 3, atOnce: 20, requests: 60 };
const lasting = { ...burst, lastedMs: 900, quietMs: 4_000 };
test.each<[string, JsonObject, unknown]>([
  ['a stampede', lasting, ['prices', 'http://a']],
  ['once', { ...lasting, bursts: 1 }, undefined],
  ['few at once', { ...lasting, atOnce: 5 }, undefined],
  ['short', { ...lasting, lastedMs: 100 }, undefined],
  ['asked for all the time', { ...lasting, quietMs: 20 }, undefined],
  ['nothing known of before', { ...lasting, quietMs: null }, undefined],
])('same_at_once: %s', (_, row, subjects) => {
  const asker = { name: 'prices', file: '/srv/prices.mjs', line: 7 };
  const callers = [
    { call: 'GET http://a/other', asker: null },
    { call: 'GET http://a/list', asker },
  ];
  expect(names(sameAtOnce.conclude({ bursts: [row], callers }, {}))).toEqual(subjects);
});

test('hypotheses aside, nothing is hedged', () => {
  const conclusions = [
    slowPeer.conclude({ main: QUIET, peers: [slow('http://b'), failing('http://c')] }, {}),
    poolQueue.conclude({ pools: [pool], waiting: [waits] }, {}),
  ];
  for (const conclusion of conclusions)
    expect(`${conclusion?.context} ${conclusion?.observation}`).not.toMatch(
      /\b(may|might|probably|likely|seems)\b/,
    );
});

const ASKS = { name: 'cover', file: '/srv/covers.js', line: 12 };
const still = (over: JsonObject = {}, rest: JsonObject = {}): JsonValue => ({
  unread: [
    {
      peer: 'http://a',
      unread: 4,
      unreadBytes: 400_000,
      oldestMs: 30_000,
      newestMs: 9_000,
      otherwiseInFlight: 0,
      waiting: 0,
      waitingMs: 0,
      quietMs: 8_990,
      perSecond: 12,
      servedWaiting: 40,
      calls: [{ call: 'GET http://a/covers/:id', unread: 4 }],
      ...over,
    },
  ],
  callers: [{ call: 'GET http://a/covers/:id', asker: ASKS, samples: 9 }],
  pools: [],
  ...rest,
});
const other = { call: 'GET http://a/covers/:id', asker: { ...ASKS, name: 'other' }, samples: 3 };

test.each<[string, JsonValue, unknown]>([
  ['the peer is asked no more', still(), ['cover', 'http://a']],
  [
    'others wait for a connection',
    still({ perSecond: 0, waiting: 9, waitingMs: 8_000 }),
    ['cover', 'http://a'],
  ],
  ['several functions ask', still({}, { callers: [other, { ...other, asker: ASKS }] }), ['http://a']],
  ['others are answered', still({ otherwiseInFlight: 1 }), undefined],
  ['it was quiet only later', still({ quietMs: 6_000 }), undefined],
  ['it is asked now and then', still({ perSecond: 0.2 }), undefined],
  ['nobody waits', still({ servedWaiting: 2 }), undefined],
  ['the pool has connections left', still({}, { pools: [{ peer: 'http://a', queued: 0 }] }), undefined],
  ['the pool has none left', still({}, { pools: [{ peer: 'http://a', queued: 7 }] }), ['cover', 'http://a']],
  ['nothing told', null, undefined],
])('answers_unread: %s', (_, evidence, subjects) => {
  expect(names(answersUnread.conclude(evidence, {}))).toEqual(subjects);
});
