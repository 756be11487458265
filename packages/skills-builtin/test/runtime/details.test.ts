import type { HotFunction, JsonObject, ProfileView, VitalsSample } from '@nodelens/core';
import { expect, test } from 'vitest';
import { eventLoopBlocked } from '../../src/runtime/check-blocked.ts';
import { cpuBaseline } from '../../src/runtime/cpu-baseline.ts';
import { profileChange } from '../../src/runtime/hot-change.ts';
import { endedRequestOf, inFlightOf, requestsDuring } from '../../src/runtime/stall-requests.ts';
import { Callbacks, starvationOf } from '../../src/runtime/starvation.ts';
import { filledBy } from '../../src/threadpool/filled-by.ts';

const stall = (parts: JsonObject = {}): JsonObject => ({
  startedAtMs: 10_000,
  durationMs: 400,
  ongoing: false,
  endedAgoMs: 1_000,
  kind: 'javascript',
  samples: 4,
  culpritSamples: 4,
  culprit: { name: 'evil', file: '/srv/app.mjs', line: 12 },
  ...parts,
});
const request = (path: string, startedAtMs = 9_990): JsonObject => ({ method: 'GET', path, startedAtMs });
const conclude = (...stalls: readonly JsonObject[]) => eventLoopBlocked.conclude({ stall: null, stalls }, {});

test.each<[string, readonly JsonObject[], string]>([
  ['one', [request('/a')], 'The request GET /a was being served.'],
  ['two', [request('/a'), request('/b')], '2 requests were being served, the last to begin was GET /a.'],
])('%s request in flight during a block', (_name, requests, text) => {
  const found = conclude(stall({ requests: [...requests], requestCount: requests.length }));
  expect(found?.context).toContain(text);
  expect(found?.subjects).toHaveLength(requests.length === 1 ? 2 : 1);
});

test('requests of one route are one, whatever their ids', () => {
  const found = conclude(
    stall({ requests: [request('/orders/17')], requestCount: 1 }),
    stall({ requests: [request('/orders/18')], requestCount: 1 }),
  );
  expect(found?.context).toContain('GET /orders/:id was being served in 2 of 2 of them.');
  expect(found?.subjects[1]).toEqual({ kind: 'endpoint', name: 'GET /orders/:id' });
});

test('of several blocks the route that most of them share is told', () => {
  const found = conclude(
    stall({ requests: [request('/a'), request('/b')], requestCount: 2 }),
    stall({ requests: [request('/b')], requestCount: 1 }),
    stall(),
  );
  expect(found?.context).toContain('GET /b was being served in 2 of 3 of them.');
});

test.each<[string, readonly JsonObject[] | undefined]>([
  ['no requests', []],
  ['requests that are not known', undefined],
  ['a stream that was open long before', [request('/events', 2_000)]],
])('%s: nothing is said of requests', (_name, requests) => {
  const found = conclude(
    stall(requests === undefined ? {} : { requests: [...requests], requestCount: requests.length }),
  );
  expect(found?.context).not.toContain('served');
  expect(found?.subjects).toHaveLength(1);
});

test('starvation is told with the callback that queues itself, or without it', () => {
  const callback = { name: 'drain', file: '/srv/q.mjs', line: 3, seen: 5, of: 6 };
  const named = conclude(stall({ starvation: 'ticks', callback }));
  expect(named?.observation).toContain('drain (/srv/q.mjs:3) was the callback in 5 of 6 looks.');
  expect(named?.hypothesis).toContain('drain re-queues itself with process.nextTick');
  expect(named?.subjects.map(({ name }) => name)).toEqual(['evil', 'drain']);
  expect(conclude(stall({ starvation: 'microtasks' }))?.hypothesis).toContain('A callback re-queues itself');
  const { culprit: _, ...unnamed } = stall({ starvation: 'ticks', callback, ongoing: true });
  const found = eventLoopBlocked.conclude({ stall: unnamed, stalls: [] }, {});
  expect(found?.subjects.map(({ name }) => name)).toEqual(['drain']);
});

test.each<[string, [number, number], string | undefined]>([
  ['one long call', [0, 0], undefined],
  ['a batch of promises that were there before', [0, 1], undefined],
  ['ticks only', [2, 0], 'ticks'],
  ['microtasks only', [0, 3], 'microtasks'],
  ['many events of the loop in a row', [4, 4], undefined],
])('%s: starvation or not', (_name, [ticks, microtasks], kind) => {
  expect(starvationOf({ ticks: 7, microtasks: 9 }, { ticks: 7 + ticks, microtasks: 9 + microtasks })).toBe(
    kind,
  );
});

test('the callback that was seen most often is told', () => {
  const callbacks = new Callbacks();
  for (const name of ['a', 'b', 'b'])
    callbacks.add({ callback: { name, file: '/q.mjs', line: 1, column: 5 } });
  callbacks.add({ callback: null });
  callbacks.add('no answer');
  expect(callbacks.most()).toMatchObject({ place: { name: 'b', column: 5 }, count: 2, of: 3 });
});

const STALL = { startedAtMs: 10_000, durationMs: 1_000 };
const served = (path: string, startedAtMs: number, endedAtMs?: number) => ({
  method: 'GET',
  path,
  startedAtMs,
  ...(endedAtMs !== undefined && { endedAtMs }),
});

test('requests during a stall: each once, without those that only waited for its end', () => {
  const during = { atMs: 10_200, requests: [served('/year', 9_995), served('/events', 1_000)] };
  const after = { atMs: 11_010, requests: [served('/events', 1_000), served('/late', 10_990)] };
  const ended = [
    served('/year', 9_995, 11_002),
    served('/second', 10_300, 11_001),
    served('/past', 9_000, 9_900),
  ];
  expect(requestsDuring(STALL, { during, after, ended }).map(({ path }) => path)).toEqual([
    '/second',
    '/year',
    '/events',
  ]);
  expect(requestsDuring(STALL, { during, after, ended })[1]?.endedAtMs).toBe(11_002);
  expect(requestsDuring(STALL, { ended }).map(({ path }) => path)).toEqual(['/second', '/year']);
  expect(requestsDuring(STALL, { ended: [] })).toEqual([]);
  const twice = { atMs: 10_100, requests: [served('/a', 9_990), served('/a', 9_990)] };
  expect(requestsDuring(STALL, { during: twice, ended: [served('/a', 9_991, 11_003)] })).toHaveLength(2);
});

test('requests are read without trusting their shape, and only those of servers', () => {
  expect(inFlightOf([{ side: 'client', target: 'http://a' }, { side: 'server' }, 3], 5).requests).toEqual([
    { method: '', path: '', startedAtMs: 0 },
  ]);
  expect(inFlightOf('text', 5).requests).toEqual([]);
  expect(endedRequestOf({ side: 'client' })).toBeUndefined();
  expect(
    endedRequestOf({ side: 'server', method: 'GET', target: '/a', durationMs: 40.4, atMs: 1_000 }),
  ).toEqual({ method: 'GET', path: '/a', startedAtMs: 960, endedAtMs: 1_000 });
});

const seconds = (percents: readonly number[]): readonly VitalsSample[] =>
  percents
    .map((mainCpuPercent, i) => ({ atMs: (i + 1) * 1_000, mainCpuPercent }) as VitalsSample)
    .toReversed();

test('CPU is compared with what is usual', () => {
  const usual = Array.from({ length: 120 }, (_, i) => 10 + (i % 5));
  const burst = [...usual, ...new Array(10).fill(90)];
  expect(cpuBaseline(seconds(burst), 130_000)).toEqual({
    baselinePercent: 12,
    factor: 7.5,
    deviations: 52.6,
  });
  expect(cpuBaseline(seconds([...usual, ...usual.slice(0, 10)]), 130_000)?.factor).toBe(1);
  expect(cpuBaseline(seconds([...new Array(100).fill(0), ...new Array(10).fill(3)]), 110_000)?.factor).toBe(
    3,
  );
  expect(cpuBaseline(seconds(burst.slice(-40)), 40_000)).toBeUndefined();
  expect(cpuBaseline([], 0)).toBeUndefined();
});

const view = (samples: number, idleShare: number, functions: Record<string, number>): ProfileView => ({
  fromMs: 0,
  toMs: 0,
  samples,
  idleShare,
  gcShare: 0,
  functions: Object.entries(functions).map(
    ([name, count]) =>
      ({ name, file: '/a.mjs', line: 1, column: 1, samples: count }) as unknown as HotFunction,
  ),
});

test('the function whose share rose comes first', () => {
  const whole = view(4_000, 0.5, { old: 900, risen: 1_100 });
  const recent = view(1_000, 0, { old: 100, risen: 900 });
  const change = profileChange(whole, recent);
  expect(change).toMatchObject({ isComparable: true, busyShare: 1, busyShareBefore: 0.3333 });
  expect(change.functions).toMatchObject([
    { name: 'risen', share: 0.9, shareBefore: 0.2, change: 0.7 },
    { name: 'old', share: 0.1, shareBefore: 0.8, change: -0.7 },
  ]);
  expect(profileChange(view(100, 0.9, {}), recent)).toMatchObject({ isComparable: false, functions: [] });
});

test.each<[string, JsonObject, string | undefined]>([
  ['nothing', {}, undefined],
  ['hashes', { threads: 4, runningMean: 3.8, givenWhileWatched: { crypto: 9, fs: 20 } }, 'crypto'],
  ['long hashes from before', { threads: 4, runningMean: 4, files: 0, givenWhileWatched: {} }, 'compute'],
  ['files', { threads: 4, runningMean: 0, waitingForDiskMean: 4, files: 9, lookups: 1 }, 'fs'],
  ['lookups', { threads: 4, runningMean: 0, files: 0, lookups: 8 }, 'dns'],
])('what fills the pool: %s', (_name, looked, by) => {
  expect(filledBy(looked)).toBe(by);
});
