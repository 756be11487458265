import type { JsonObject } from '@nodelens/core';
import { describe, expect, test } from 'vitest';
import { errors } from '../../src/postgres/check-errors.ts';
import { lockWait } from '../../src/postgres/check-locks.ts';
import { poolExhausted } from '../../src/postgres/check-pool.ts';
import { nPlusOne } from '../../src/postgres/check-repetition.ts';
import { slowQuery } from '../../src/postgres/check-slow.ts';

const frame = { name: 'pay', file: '/srv/pay.ts', line: 7 };
const all = [errors, lockWait, poolExhausted, nPlusOne, slowQuery];

test('a snapshot of a healthy service, or of none, gives no finding', () => {
  const healthy = {
    waitingForClient: 3,
    oldestPoolWaitMs: 120,
    oldestInFlightMs: 400,
    verySlowQueries5m: 2,
    unexpectedErrors5m: 2,
    requestsWithRepetition5m: 2,
  };
  for (const { when } of all)
    for (const snapshot of [healthy, {}]) expect(when(snapshot, [])).toBeUndefined();
});

test('evidence of any other shape clears the suspicion', () => {
  for (const { conclude } of all)
    for (const evidence of [null, [], {}, 'no', { unavailable: 'exhausted' }, { pools: [null, 1] }])
      expect(conclude(evidence as JsonObject, {})).toBeUndefined();
});

describe('pool_exhausted', () => {
  const pool = (holders: readonly JsonObject[], waitedMs = 2_000): JsonObject => ({
    isCurrent: true,
    pools: [
      {
        pool: 1,
        host: 'db',
        port: 5432,
        database: 'shop',
        max: 2,
        idle: 0,
        waiting: 4,
        waiters: [{ waitedMs }],
        holders,
      },
    ],
  });

  test('busy holders are slow queries, not a leak', () => {
    const busy = { heldMs: 3_000, idleMs: 0, query: 'SELECT ?', frame };
    expect(poolExhausted.conclude(pool([busy, { heldMs: 10, idleMs: 10, frame }]), {})).toMatchObject({
      context: expect.stringContaining('Pool 1 (db:5432/shop)'),
      observation:
        'pay (/srv/pay.ts:7) holds 2, the longest for 3,000 ms, a query in progress; last query: SELECT ?.',
      hypothesis: expect.stringContaining('Its queries take longer'),
    });
  });

  test.each([
    ['a short wait', pool([], 300)],
    ['main that does not answer', { ...pool([]), isCurrent: false }],
  ])('%s is nothing', (_, evidence) => {
    expect(poolExhausted.conclude(evidence, {})).toBeUndefined();
  });
});

describe('n_plus_one', () => {
  const item = {
    query: 'SELECT ?',
    endpoint: 'GET /orders',
    contexts: 5,
    medianExecutions: 20,
    maxExecutions: 30,
    medianSpanMs: 60,
    meanMs: 2,
    frame,
  };
  test.each([
    ['a request that repeats', item, 'warning'],
    ['one that hardly takes time', { ...item, medianSpanMs: 20, meanMs: 1 }, 'info'],
    ['one that is most of all', { ...item, medianSpanMs: 20, meanMs: 1, shareOfQueries: 0.6 }, 'warning'],
    ['a job', { ...item, endpoint: null }, undefined],
    ['a request that polls', { ...item, medianSpanMs: 20_000 }, undefined],
    ['two requests only', { ...item, contexts: 2 }, undefined],
    ['few executions', { ...item, medianExecutions: 9 }, undefined],
  ])('%s', (_, evidence, severity) => {
    expect(nPlusOne.conclude([evidence], {})?.severity).toBe(severity);
  });
});

describe('slow_query', () => {
  const slow = { query: 'SELECT ?', count: 3, medianMs: 1_200, maxMs: 2_000, totalMs: 4_000, frame };
  const running = { query: 'SELECT ?', ageMs: 35_000, state: 'sent', frame };
  test.each([
    ['three slow ones', { slow: [slow] }, 0, true],
    ['two', { slow: [{ ...slow, count: 2 }] }, 0, false],
    ['a running one', { running: [running] }, 35_000, true],
    ['one that main has not looked at', { running: [running] }, 100, false],
    ['one that is queued', { running: [{ ...running, state: 'queued on its client' }] }, 35_000, false],
  ])('%s', (_, evidence, oldestInFlightMs, is) => {
    expect(slowQuery.conclude(evidence, { oldestInFlightMs }) !== undefined).toBe(is);
  });
});

describe('lock_wait', () => {
  const holder = {
    pid: 2,
    state: 'active',
    transactionMs: 5_000,
    inStateMs: 10,
    query: 'UPDATE t',
    isBlockedItself: false,
  };
  const blocked = { pid: 1, waitingMs: 1_500, query: 'UPDATE t', lock: { table: 't' }, blockedBy: [holder] };
  const evidence = (one: JsonObject): JsonObject => ({
    running: [{ serverPid: 1, frame }],
    locks: { blocked: [one] },
  });

  test('a holder of another process is a peer', () => {
    const conclusion = lockWait.conclude(evidence(blocked), {});
    expect(conclusion?.subjects).toMatchObject([
      { kind: 'peer', name: 'PostgreSQL process 2' },
      { name: 'pay' },
    ]);
    expect(conclusion?.hypothesis).toBeUndefined();
  });

  test('the head of the queue holds the lock, not those that wait in it', () => {
    const waiter = { ...holder, pid: 3, isBlockedItself: true };
    const conclusion = lockWait.conclude(evidence({ ...blocked, blockedBy: [waiter, holder] }), {});
    expect(conclusion?.subjects[0]?.name).toBe('PostgreSQL process 2');
  });

  test.each([
    ['a query of another process', { ...blocked, pid: 9 }],
    ['a short wait', { ...blocked, waitingMs: 200 }],
  ])('%s is nothing', (_, one) => {
    expect(lockWait.conclude(evidence(one), {})).toBeUndefined();
  });
});

test.each([
  ['23505', undefined],
  ['40001', undefined],
  ['42P01', 'warning'],
  ['57P01', 'critical'],
  ['ECONNREFUSED', 'critical'],
])('errors with %s: %s', (code, severity) => {
  expect(
    errors.conclude([{ of: 'query', code, count: 5, calls: 5, message: 'm', query: 'SELECT ?' }], {})
      ?.severity,
  ).toBe(severity);
});
