import { createRequire } from 'node:module';
import type { JsonObject, JsonValue } from '@nodelens/core';
import pg from 'pg';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { watchPostgres } from '../../src/postgres/probe.ts';
import { NUMBERS, slot } from '../../src/postgres/slots.ts';
import { missing, titled, url } from './server.ts';

const require = createRequire(import.meta.url);
const poolPrototype = require('pg-pool').prototype as { connect: unknown; query: unknown; _release: unknown };

interface Watched {
  readonly numbers: Float64Array;
  readonly events: JsonObject[];
  ask(question: JsonObject): JsonValue;
  stop(): void;
}

function watch(): Watched {
  const numbers = new Float64Array(NUMBERS);
  const events: JsonObject[] = [];
  let ask: Watched['ask'] = () => null;
  const port = {
    numbers,
    emit: (event: JsonObject) => void events.push(event),
    answer: (answerer: Watched['ask']) => {
      ask = answerer;
    },
  };
  const stop = watchPostgres(port, {});
  onTestFinished(stop);
  return { numbers, events, ask: (question) => ask(question), stop };
}

const methods = () => [
  pg.Client.prototype.query,
  pg.Query.prototype.submit,
  (pg.Query.prototype as { handleError?: unknown }).handleError,
  poolPrototype.connect,
  poolPrototype.query,
  poolPrototype._release,
];

test('nothing is left behind when it stops', () => {
  const before = methods();
  const { stop, numbers } = watch();
  expect(numbers[slot.watched]).toBeGreaterThan(0);
  for (const [index, method] of methods().entries()) expect(method).not.toBe(before[index]);
  stop();
  expect(methods()).toEqual(before);
});

test('what another library has wrapped stays, and falls silent', () => {
  const before = pg.Client.prototype.query;
  const { stop } = watch();
  const ours = pg.Client.prototype.query;
  const theirs = function (this: pg.Client, ...args: never[]) {
    return Reflect.apply(ours, this, args);
  } as typeof before;
  pg.Client.prototype.query = theirs;
  onTestFinished(() => {
    pg.Client.prototype.query = before;
  });
  stop();
  expect(pg.Client.prototype.query).toBe(theirs);
});

test('a server that is not there is an error with its caller', async () => {
  const { events } = watch();
  const pool = new pg.Pool({ host: '127.0.0.1', port: 1, password: 'geheim' });
  await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(events).toMatchObject([
    {
      kind: 'error',
      of: 'connect',
      code: 'ECONNREFUSED',
      frame: { file: expect.stringMatching(/probe\.test\.ts$/) },
    },
  ]);
  expect(JSON.stringify(events)).not.toContain('geheim');
});

describe.skipIf(missing !== undefined)(titled('the probe of postgres with a real server'), () => {
  const pools: pg.Pool[] = [];
  const open = (options: pg.PoolConfig = {}): pg.Pool => {
    const pool = new pg.Pool({ connectionString: url, max: 2, ...options });
    pools.push(pool);
    return pool;
  };
  afterEach(async () => {
    for (const pool of pools.splice(0)) await pool.end();
  });

  test('results, errors and callbacks are those of pg', async () => {
    const { numbers } = watch();
    const pool = open();
    expect((await pool.query('SELECT $1::int AS n', [4])).rows).toEqual([{ n: 4 }]);
    expect((await pool.query({ text: 'SELECT 5 AS n', rowMode: 'array' })).rows).toEqual([[5]]);
    await expect(pool.query('SELECT nope')).rejects.toMatchObject({ code: '42703' });
    const byCallback = Promise.withResolvers<unknown>();
    pool.query('SELECT 6 AS n', (error, result) => byCallback.resolve(error ?? result.rows));
    expect(await byCallback.promise).toEqual([{ n: 6 }]);
    const client = await pool.connect();
    expect(() => client.query(null as never)).toThrow(TypeError);
    const query = client.query(new pg.Query('SELECT 7 AS n'));
    const ended = Promise.withResolvers<void>();
    query.on('end', () => ended.resolve());
    await ended.promise;
    client.release();
    expect(() => client.release()).toThrow('already been released');
    expect([...numbers.slice(slot.started, slot.inFlight + 1)]).toEqual([4, 4, 1, 0]);
    expect(numbers[slot.unmeasured]).toBe(2);
    expect(numbers[slot.held]).toBe(0);
  });

  test('queries that wait on their client, and callers that wait for one, are told apart', async () => {
    const { numbers, events, ask } = watch();
    const pool = open({ max: 1 });
    const client = await pool.connect();
    const asked = [client.query('SELECT 1'), client.query('SELECT 2')];
    const waiting = pool.query('SELECT 3');
    expect(ask({ about: 'in-flight' })).toMatchObject([
      { text: 'SELECT 1', state: 'sent', database: expect.any(String) },
      { text: 'SELECT 2', state: 'queued on its client' },
    ]);
    expect(ask({ about: 'pools' })).toMatchObject([
      { total: 1, idle: 0, waiting: 1, max: 1, held: 1, holders: [{ isBusy: true }], waiters: [{}] },
    ]);
    expect(ask({ about: 'server', topic: 'activity' })).toMatchObject({ isOwnConnection: true });
    while (events.at(-1)?.kind !== 'server') await new Promise(setImmediate);
    expect(JSON.parse(String(events.at(-1)?.json))).toMatchObject({ connections: expect.any(Number) });
    expect([numbers[slot.waiting], pool.totalCount]).toEqual([1, 1]);
    await Promise.all(asked);
    client.release();
    await waiting;
    expect([numbers[slot.waiting], numbers[slot.inFlight], numbers[slot.held]]).toEqual([0, 0, 0]);
  });

  test('a question to the server is read only, leaves the client clean, and is no query of the app', async () => {
    const { numbers, events, ask } = watch();
    const pool = open({ max: 1 });
    await pool.query('SELECT 1');
    for (const topic of ['activity', 'statements', 'nothing']) {
      const asked = ask({ about: 'server', topic });
      if (topic === 'nothing') expect(asked).toEqual({ refused: 'there is no such topic' });
      else while (events.at(-1)?.kind !== 'server') await new Promise(setImmediate);
      if (topic === 'activity')
        expect(JSON.parse(String(events.pop()?.json))).toMatchObject({ connections: expect.any(Number) });
    }
    const { rows } = await pool.query(
      "SELECT current_setting('statement_timeout') AS timeout, current_setting('transaction_read_only') AS ro",
    );
    expect(rows).toEqual([{ timeout: '0', ro: 'off' }]);
    expect(numbers[slot.started]).toBe(2);
    expect(numbers[slot.held]).toBe(0);
  });

  test('a query of another client in the callback of one that failed has its own times', async () => {
    const { events } = watch();
    const client = await open().connect();
    const gone = new pg.Pool({ host: '127.0.0.1', port: 1 });
    const asked = Promise.withResolvers<void>();
    gone.query('SELECT 1', () => client.query('SELECT 2', () => asked.resolve()));
    await asked.promise;
    client.release();
    expect(events.map(({ kind, of }) => [kind, of])).toEqual([['error', 'connect']]);
  });

  test('a rejection that the app does not handle is still reported', async () => {
    watch();
    const pool = open();
    const unhandled = Promise.withResolvers<unknown>();
    const listeners = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection').once('unhandledRejection', unhandled.resolve);
    onTestFinished(() => {
      for (const listener of listeners) process.on('unhandledRejection', listener);
    });
    void pool.query('SELECT nope');
    expect(await unhandled.promise).toMatchObject({ code: '42703' });
  });
});
