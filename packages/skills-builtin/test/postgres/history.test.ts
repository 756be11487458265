import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { JsonObject, Stall } from '@nodelens/core';
import { expect, test } from 'vitest';
import { withoutStalls } from '../../src/postgres/blocked-main.ts';
import { bucketOf, count, type Histogram, quantile } from '../../src/postgres/histogram.ts';
import { present, routeOf } from '../../src/postgres/present.ts';
import { coveredSeconds, createQueryStore } from '../../src/postgres/query-store.ts';

const run = promisify(execFile);

test('pg is found whoever loads it, and only once', async () => {
  const fixture = fileURLToPath(new URL('../fixtures/postgres-late.ts', import.meta.url));
  const { stdout } = await run(process.execPath, ['--conditions=@nodelens/source', fixture]);
  expect(JSON.parse(stdout)).toEqual([0, 1, 1]);
});

test('quantiles are exact to an eighth', () => {
  const histogram: Histogram = new Map();
  for (let ms = 1; ms <= 1_000; ms += 1) count(histogram, bucketOf(ms));
  expect(quantile(histogram, 0.5) / 500).toBeCloseTo(1, 0);
  expect(Math.abs(quantile(histogram, 0.99) / 990 - 1)).toBeLessThan(0.13);
  expect(quantile(new Map(), 0.5)).toBe(0);
  expect(Number.isFinite(quantile(new Map([[bucketOf(1e12), 1]]), 1))).toBe(true);
});

const sums = (atMs: number, statements: readonly JsonObject[]): JsonObject => ({
  atMs,
  statements,
  waits: { count: 1, totalMs: 5, maxMs: 5 },
});
const statement = { calls: 2, errors: 1, rows: 4, totalMs: 3, maxMs: 2, durations: [10, 2] };

test('the history adds up by statement, within a window, within bounds', () => {
  const store = createQueryStore();
  store.add(sums(10_000, [{ ...statement, text: 'SELECT 1' }]));
  store.add(
    sums(100_000, [
      { ...statement, text: 'SELECT 1' },
      { ...statement, text: 'SELECT 2' },
    ]),
  );
  expect(store.statements(90_000).get('SELECT ?')).toMatchObject({ calls: 4, errors: 2, rows: 8, maxMs: 2 });
  expect(store.statements(0).get('SELECT ?')).toMatchObject({ calls: 6, durations: new Map([[10, 6]]) });
  expect(store.waits(0)).toEqual({ count: 2, totalMs: 10, maxMs: 5 });
  const many = Array.from({ length: 200 }, (_, id) => ({ ...statement, text: `SELECT c${id}` }));
  store.add(sums(200_000, many));
  const bounded = store.statements(195_000);
  expect(bounded.size).toBe(61);
  expect(bounded.get('(others)')).toMatchObject({ calls: 280 });
  for (let slot = 0; slot < 200; slot += 1) store.add(sums(300_000 + slot * 15_000, []));
  expect(store.statements(0).size).toBe(0);
});

test('a window covers whole slots, and not the time before the recorder', () => {
  expect(coveredSeconds(40_000, 100_000, 0)).toBe(70);
  expect(coveredSeconds(40_000, 100_000, 90_000)).toBe(10);
});

test('stalls of main are taken off, the one that goes on too', () => {
  const stall = (id: string, startedAtMs: number, durationMs: number) =>
    ({ id, startedAtMs, durationMs }) as Stall;
  const past = [stall('a', 100, 50), stall('b', 400, 100)];
  const context = {
    stalls: { newest: () => past, since: () => past },
    currentStall: () => stall('b', 400, 300),
  };
  const own = withoutStalls(context);
  expect(own(0, 1_000)).toBe(650);
  expect(own(450, 600)).toBe(0);
  expect(own(700, 600)).toBe(0);
});

test('what is told carries no statement text and no address of a request', async () => {
  const by = { fingerprint: () => 'SELECT ?', locate: async () => ({ name: 'f', file: '/a.ts', line: 3 }) };
  const frame = { name: 'f', file: '/a.js', line: 9, column: 1 };
  const told = [
    { text: "SELECT 'x'", frame, endpoint: 'GET /u/77?token=1', holders: [{ text: 'SELECT 5' }] },
  ];
  expect(await present(told, by)).toEqual([
    {
      query: 'SELECT ?',
      frame: { name: 'f', file: '/a.ts', line: 3 },
      endpoint: 'GET /u/:id',
      holders: [{ query: 'SELECT ?' }],
    },
  ]);
});

test.each([
  ['GET /orders/4711/items?page=2', 'GET /orders/:id/items'],
  ['GET /', 'GET /'],
  ['POST /v1/users/a1b2', 'POST /v1/users/:id'],
])('%s is the route %s', (endpoint, route) => {
  expect(routeOf(endpoint)).toBe(route);
});
