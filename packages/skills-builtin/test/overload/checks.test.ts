import type { Check, JsonObject } from '@nodelens/core';
import { expect, test } from 'vitest';
import { acceptQueue } from '../../src/overload/check-accept.ts';
import { inFlightGrowth } from '../../src/overload/check-in-flight.ts';
import { loopSaturated } from '../../src/overload/check-loop.ts';
import { threadpoolSaturated } from '../../src/overload/check-threadpool.ts';

const GROWS = { queue: 'requests in flight', growsSteadily: true, length: 200, growthPerMinute: 600 };
const BEFORE = { arrivalsPerSecond: 50, completionsPerSecond: 50, staysMs: 20 };
const SLOWED = { arrivalsPerSecond: 50, completionsPerSecond: 20, staysMs: 900 };
const PEER = { side: 'client', route: 'GET http://a/x', peer: 'http://a', count: 150, medianAgeMs: 900 };
const SERVED = { side: 'server', route: 'GET /x', count: 150, medianAgeMs: 900, usualMs: null };

const growth = (reason: string, now: JsonObject, more: JsonObject): JsonObject => ({
  arrivals: { reason, before: BEFORE, now },
  queues: [GROWS],
  groups: [],
  bottlenecks: [],
  ...more,
});

const stuckPeer = { groups: [SERVED, { ...PEER, usualMs: 9, isStuck: true }] };

test.each<[string, Check, JsonObject]>([
  ['a short burst in an accept queue', acceptQueue, { acceptNearLimitMs: 1_000, listenOverflows1m: 0 }],
  ['overflows of a neighbour', acceptQueue, { acceptHighest1mPercent: 3, listenOverflows1m: 500 }],
  ['many open requests', inFlightGrowth, { inFlight: 5_000, inFlightFrom20sAgo: 4_990 }],
  [
    'a few more requests',
    inFlightGrowth,
    { inFlight: 12, inFlightFrom20sAgo: 2, inFlightGrowsSteadily: true },
  ],
  ['a burst of hashing', threadpoolSaturated, { threadpoolSlowReadings10s: 3, threadpoolLookups: 0 }],
  ['a full loop that keeps up', loopSaturated, { loopSaturatedSeconds: 60, queuesBehindLoop: 0 }],
  ['a loop that is full for a moment', loopSaturated, { loopSaturatedSeconds: 5, queuesBehindLoop: 1 }],
  ['an empty snapshot', loopSaturated, {}],
  ['an empty snapshot', inFlightGrowth, {}],
  ['an empty snapshot', threadpoolSaturated, {}],
  ['an empty snapshot', acceptQueue, {}],
])('%s is not looked into', (_, check, snapshot) => {
  expect(check.when(snapshot, [])).toBeUndefined();
});

test.each<[string, Check, JsonObject]>([
  [
    'more load that is served as fast',
    inFlightGrowth,
    growth('arrivals-rose', { ...BEFORE, arrivalsPerSecond: 90, staysMs: 21 }, stuckPeer),
  ],
  ['streams that are opened', inFlightGrowth, growth('service-slowed', SLOWED, { groups: [SERVED] })],
  [
    'streams that are passed on',
    inFlightGrowth,
    growth('service-slowed', SLOWED, {
      groups: [SERVED, { ...PEER, usualMs: 9, isStuck: true, receiving: 150 }],
    }),
  ],
  [
    'long polls that are passed on',
    inFlightGrowth,
    growth('service-slowed', SLOWED, { groups: [SERVED, { ...PEER, usualMs: null, isStuck: false }] }),
  ],
  [
    'what a full loop delays by itself',
    inFlightGrowth,
    growth('service-slowed', SLOWED, {
      groups: [SERVED, { ...PEER, usualMs: 700, isStuck: false, usualBeforeMs: 9, isSlowed: true }],
      bottlenecks: [
        { where: 'loop', saturation: 0.4, behind: null },
        { where: 'outgoing', saturation: 0.4, behind: 'loop' },
      ],
    }),
  ],
  ['what has stopped growing', inFlightGrowth, { arrivals: {}, queues: [] }],
  ['evidence that is missing', inFlightGrowth, {}],
  [
    'threads without work on a machine without CPU',
    threadpoolSaturated,
    { threads: 4, slowReadings10s: 8, runningMean: 1, waitingForDiskMean: 0, files: 0, lookups: 0 },
  ],
  [
    'a queue that has drained',
    acceptQueue,
    { accept: { queues: [{ waiting: 0, highest1m: 3, limit: 511 }] } },
  ],
  ['no listening socket', acceptQueue, { accept: { isKnown: false, queues: [] } }],
  ['a loop that has caught up', loopSaturated, { hot: { saturatedSeconds: 40, behind: [] } }],
  [
    'a loop that has idle time again',
    loopSaturated,
    { hot: { saturatedSeconds: 0, behind: [{ name: 'a', length: 90, perMinute: 50 }] } },
  ],
])('%s is cleared', (_, check, evidence) => {
  expect(check.conclude(evidence, {})).toBeUndefined();
});

const conclude = (more: JsonObject, now: JsonObject = SLOWED, reason = 'service-slowed') =>
  inFlightGrowth.conclude(growth(reason, now, more), {});

test('what the requests wait for is named', () => {
  expect(conclude(stuckPeer)).toMatchObject({
    severity: 'warning',
    subjects: [{ kind: 'peer', name: 'http://a' }],
  });
  const slowed = { ...PEER, usualMs: 700, isStuck: false, usualBeforeMs: 9, isSlowed: true };
  expect(conclude({ groups: [SERVED, slowed] })).toMatchObject({
    observation: expect.stringContaining('where 9 ms were usual'),
    subjects: [{ kind: 'peer', name: 'http://a' }],
  });
  const held = { ...PEER, usualMs: null, isStuck: false, notSent: 140 };
  const pools = { pools: [{ peer: 'http://a', active: 5, maxSockets: 5, queued: 140 }] };
  expect(conclude({ groups: [SERVED, held], pools })).toMatchObject({
    observation: expect.stringContaining('the agent has 5 of 5 connections in use'),
    hypothesis: expect.stringContaining('pool of connections to http://a'),
  });
  const route = { ...SERVED, usualMs: 12, isStuck: true };
  expect(conclude({ groups: [route] })).toMatchObject({
    hypothesis: expect.stringContaining('a database, a lock or a timer'),
    subjects: [{ kind: 'endpoint', name: 'GET /x' }],
  });
  const loop = [{ where: 'loop', saturation: 1, behind: null, evidence: 'The event loop was busy.' }];
  const more = { ...SLOWED, arrivalsPerSecond: 100 };
  expect(conclude({ bottlenecks: loop }, more, 'arrivals-rose')).toMatchObject({
    observation: expect.stringContaining('More requests arrive than can be served'),
  });
  expect(conclude(stuckPeer, { ...SLOWED, completionsPerSecond: 0, staysMs: null })).toMatchObject({
    severity: 'critical',
  });
});

test.each([
  [{ name: 'requests', length: 90, perMinute: 50 }, 'holds 90, 50 more with each minute'],
  [{ name: 'accept', length: 511, perMinute: 0, limit: 511 }, 'holds 511, and cannot hold more'],
])('what waits for a full loop is told: %#', (behind, text) => {
  const functions = [{ name: 'render', file: '/app/a.ts', line: 3, selfShare: 0.1, totalShare: 0.8 }];
  const hot = { saturatedSeconds: 40, behind: [behind], functions };
  expect(loopSaturated.conclude({ hot, arrivals: { now: {} } }, {})).toMatchObject({
    observation: expect.stringContaining(text),
    subjects: [{ kind: 'function', name: 'render', value: 80, unit: '%' }],
  });
});

test('lookups of names that fill half of the threads are told', () => {
  expect(threadpoolSaturated.when({ threadpoolLookups: 6, threadpoolThreads: 4 }, [])).toBeDefined();
  const seen = { threads: 4, lookups: 30, slowReadings10s: 0, sites: [] };
  expect(threadpoolSaturated.conclude(seen, {})).toMatchObject({
    observation: expect.stringContaining('30 of names'),
    subjects: [{ name: 'threadpool', value: 30, unit: 'lookups' }],
  });
});
