import type { JsonObject, ProbeFeed } from '@nodelens/core';
import { expect, test, vi } from 'vitest';
import { createCounters } from '../../src/http/counters.ts';
import { peersOf, routesOf } from '../../src/http/figures.ts';
import { inFlightOf } from '../../src/http/in-flight.ts';
import { keepRecords, type Records } from '../../src/http/records.ts';
import { unreadAnswersOf } from '../../src/http/unread-answers.ts';
import { NUMBERS, SERVER_DURATIONS, slot } from '../../src/requests/slots.ts';

const START = 1_800_000_000_000;

function recorded(): { records: Records; tell(event: JsonObject): void; at(ms: number): void } {
  let nowMs = START;
  let listener: (event: JsonObject) => void = () => {};
  const feed = {
    onEvent(given: typeof listener) {
      listener = given;
    },
  } as unknown as ProbeFeed;
  return {
    records: keepRecords(feed, () => nowMs),
    tell: (event) => listener({ atMs: nowMs, method: 'GET', weight: 1, status: 200, ...event }),
    at(ms) {
      nowMs = START + ms;
    },
  };
}

/** So many calls a second from one moment to another, in ms. */
function play(
  { tell, at }: ReturnType<typeof recorded>,
  [fromMs, toMs]: readonly [number, number],
  event: JsonObject,
): void {
  for (let ms = fromMs; ms < toMs; ms += 200) {
    at(ms);
    tell(event);
  }
}

const served = (target: string, durationMs: number): JsonObject => ({ side: 'server', target, durationMs });
const asked = (target: string, durationMs: number): JsonObject => ({ side: 'client', target, durationMs });

test('what is present stands beside what is usual, also when the fault has lasted for long', () => {
  const told = recorded();
  play(told, [0, 60_000], served('/orders/1', 10));
  play(told, [60_000, 180_000], served('/orders/2', 400));
  const [row] = routesOf(told.records, START + 180_000, 1);
  expect(row).toMatchObject({ name: 'GET /orders/:id', count: 300, maxMs: 400 });
  const { present, usual } = row as unknown as Record<'present' | 'usual', { p50Ms: number }>;
  expect(present.p50Ms).toBeGreaterThan(350);
  expect(usual.p50Ms).toBeLessThan(15);
});

test('what a peer answers late stands beside its many short answers, whatever the calls are named', () => {
  const told = recorded();
  play(told, [0, 40_000], asked('http://p/stock/lamp', 15));
  for (const sku of ['lamp', 'chair', 'shelf']) told.tell(asked(`http://p/changes/${sku}`, 6_000));
  told.tell({ ...asked('http://p/changes/table', 6_000), status: 503 });
  expect(peersOf(told.records, START + 40_000, 1)[0]).toMatchObject({ name: 'http://p', answeredLate: 3 });
});

test('how often a peer is asked is compared with calmer times, also when the storm is longer than they were', () => {
  const told = recorded();
  play(told, [3_000, 15_000], asked('http://p/a', 10));
  for (let storm = 0; storm < 5; storm += 1) play(told, [15_000, 45_000], asked('http://p/a', 10));
  const [row] = peersOf(told.records, START + 45_000, 1);
  expect(row).toMatchObject({ usual: { perSecond: 5 } });
});

test('a peer that is asked for something slower is not a slower peer', () => {
  const told = recorded();
  play(told, [0, 60_000], asked('http://p/quick', 10));
  play(told, [0, 60_000], asked('http://p/slow', 500));
  play(told, [60_000, 80_000], asked('http://p/slow', 500));
  expect(peersOf(told.records, START + 80_000, 1)[0]).toMatchObject({ name: 'http://p', slowerPercent: 0 });
  play(told, [80_000, 100_000], asked('http://p/slow', 2_000));
  expect(peersOf(told.records, START + 100_000, 1)[0]).toMatchObject({
    slowerPercent: 75,
    risenMs: expect.any(Number),
  });
});

test('a peer that no longer answers keeps what is usual of it', () => {
  const told = recorded();
  play(told, [0, 30_000], asked('http://p/a', 10));
  expect(peersOf(told.records, START + 150_000, 5)).toMatchObject([
    { name: 'http://p', present: { count: 0 }, usual: { slices: 6 } },
  ]);
});

test('weights count, names and times are bounded', () => {
  const told = recorded();
  for (let id = 0; id < 300; id += 1)
    told.tell({ ...served(`/page-${'abcdefghij'[id % 10]}/${'x'.repeat(id % 31)}`, 1), weight: 10 });
  const rows = routesOf(told.records, START + 1_000, 60);
  expect(rows.length).toBeLessThanOrEqual(101);
  expect(rows.reduce((sum, { count }) => sum + Number(count), 0)).toBe(3_000);
  expect(rows).toContainEqual(expect.objectContaining({ name: '(other)' }));
  for (let hour = 1; hour < 4; hour += 1) {
    told.at(hour * 3_600_000);
    told.tell(served('/late', 5));
  }
  expect(routesOf(told.records, START + 3 * 3_600_000, 60)).toMatchObject([{ name: 'GET /late', count: 1 }]);
  expect(told.records.slowest(START + 3 * 3_600_000 - 1)).toHaveLength(1);
});

test('paths that do not exist take no places', () => {
  const told = recorded();
  for (const path of ['admin', 'wp-login', 'env']) told.tell({ ...served(`/${path}`, 1), status: 404 });
  told.tell(served('/users/1', 5));
  told.tell({ ...served('/users/2', 5), status: 404 });
  const rows = routesOf(told.records, START + 1_000, 1);
  expect(rows).toMatchObject([
    { name: '(not found)', count: 3 },
    { name: 'GET /users/:id', count: 2, status4xx: 1 },
  ]);
});

test('events of any shape are borne', () => {
  const told = recorded();
  for (const event of [
    {},
    { side: 'client' },
    { side: 7, target: null, durationMs: 'x' },
    { durationMs: -1 },
  ])
    told.tell(event as JsonObject);
  expect(routesOf(told.records, START, 5).length + peersOf(told.records, START, 5).length).toBeGreaterThan(0);
});

test('rates and quantiles come from the differences of the counters', () => {
  vi.useFakeTimers({ now: START });
  const numbers = new Float64Array(NUMBERS);
  const counters = createCounters({ numbers } as unknown as ProbeFeed, {
    now: Date.now,
    everySecond: (listener) => void setInterval(() => listener(false), 1_000),
  });
  for (let second = 0; second < 30; second += 1) {
    numbers[slot.serverFinished] = (numbers[slot.serverFinished] ?? 0) + 100;
    numbers[SERVER_DURATIONS + 6] = (numbers[SERVER_DURATIONS + 6] ?? 0) + 100;
    vi.advanceTimersByTime(1_000);
  }
  const span = counters.last(10_000);
  vi.useRealTimers();
  expect(span.perSecond('serverFinished')).toBeCloseTo(100, -1);
  expect(span.quantileMs('server', 0.5)).toBe(12);
  expect(counters.now('serverFinished')).toBe(3_000);
});

test('what is in flight is put together by route and by peer', () => {
  const { groups } = inFlightOf([
    { side: 'client', method: 'GET', target: 'http://p/1', ageMs: 9_000, state: 'sent' },
    { side: 'client', method: 'GET', target: 'http://p/2', ageMs: 100, state: 'receiving' },
    { side: 'server', method: 'GET', target: '/orders/7', ageMs: 50 },
    null,
  ]) as unknown as { groups: object[] };
  expect(groups).toEqual([
    { side: 'client', name: 'http://p', count: 2, oldestMs: 9_000, unanswered: 1, unansweredLong: 1 },
    { side: 'server', name: 'GET /orders/:id', count: 1, oldestMs: 50, unanswered: 1, unansweredLong: 0 },
  ]);
});

test('answers that nobody reads are told by peer, with what has stood still since', () => {
  const held = { side: 'client', method: 'GET', state: 'receiving', unreadBytes: 65_000 };
  const [row] = unreadAnswersOf(
    [
      { ...held, target: 'http://p/covers/1', ageMs: 20_000, answeredAgoMs: 19_990 },
      { ...held, target: 'http://p/covers/2', ageMs: 9_000, answeredAgoMs: 8_990 },
      { ...held, target: 'http://p/stream', ageMs: 60_000, answeredAgoMs: 59_000, unreadBytes: 0 },
      { ...held, target: 'http://q/1', ageMs: 900, answeredAgoMs: 800 },
      { side: 'server', method: 'GET', target: '/books/7', ageMs: 4_000 },
      { side: 'server', method: 'GET', target: '/events', ageMs: 300_000 },
    ],
    [{ name: 'http://p', perSecond: 12, lastAgoMs: 8_800 }],
  );
  expect(row).toEqual({
    peer: 'http://p',
    unread: 2,
    unreadBytes: 130_000,
    oldestMs: 19_990,
    newestMs: 8_990,
    otherwiseInFlight: 1,
    waiting: 0,
    waitingMs: 0,
    quietMs: 8_800,
    perSecond: 12,
    servedWaiting: 1,
    calls: [{ call: 'GET http://p/covers/:id', unread: 2 }],
  });
});
