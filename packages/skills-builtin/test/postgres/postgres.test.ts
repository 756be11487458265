import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Service, startService } from '../service.ts';
import { missing, titled, url } from './server.ts';

const start = (): Promise<Service> => startService('postgres-shop', [], ['postgres']);
const table = `nodelens_shop_${process.pid}`;
const inShop = { file: expect.stringMatching(/postgres-shop\.ts$/), line: expect.any(Number) };

interface Told {
  readonly [field: string]: unknown;
}

describe.skipIf(missing !== undefined)(titled('postgres against a real server'), () => {
  const admin = new pg.Pool({ connectionString: url, max: 1 });
  beforeAll(async () => {
    await admin.query(`CREATE TABLE IF NOT EXISTS ${table} (id integer PRIMARY KEY, state text)`);
    await admin.query(`INSERT INTO ${table} SELECT n, 'new' FROM generate_series(0, 20) n`);
  });
  afterAll(async () => {
    // The shop's clients may hold locks until the server has seen that they are gone.
    await admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'shop' AND query LIKE $1",
      [`%${table}%`],
    );
    await admin.query(`DROP TABLE IF EXISTS ${table}`);
    await admin.end();
  });

  test('the culprit of each fault is named', { timeout: 60_000 }, async () => {
    const service = await start();
    const found = async (how: string, checkId: string) => {
      service.start(how);
      const { conclusion } = await service.diagnosed('postgres', (one) => one.checkId === checkId);
      return conclusion;
    };

    expect(await found('wrong', 'postgres.errors')).toMatchObject({
      severity: 'warning',
      context: expect.stringContaining('42P01 (there is no such table)'),
      observation: expect.stringContaining('relation "ordres" does not exist'),
      subjects: [{ kind: 'function', name: 'wrong', ...inShop, unit: 'errors' }],
    });

    service.start('one by one');
    await service.until('postgres', ({ requestsWithRepetition5m }) => requestsWithRepetition5m === 10);
    expect(await found('', 'postgres.n_plus_one')).toMatchObject({
      context: expect.stringContaining(
        '10 requests of GET /customers/:id/orders in the last 5 minutes each ran one statement 15 times',
      ),
      subjects: [
        { kind: 'function', name: 'loadOrder', ...inShop, value: 15, unit: 'executions' },
        { kind: 'endpoint', name: 'GET /customers/:id/orders' },
      ],
    });

    const slow = await found('slow', 'postgres.slow_query');
    expect(slow).toMatchObject({
      observation: expect.stringMatching(/^sumReport \(.*: SELECT \?, pg_sleep\(\?\)$/),
      subjects: [{ kind: 'function', name: 'sumReport', ...inShop, unit: 'ms' }, { kind: 'resource' }],
    });
    expect(JSON.stringify(slow)).not.toContain('secret');

    expect(await found('lock', 'postgres.lock_wait')).toMatchObject({
      severity: 'warning',
      context: expect.stringContaining(`a lock on ${table}`),
      observation: expect.stringMatching(
        /^payOrder \(.*\) of this process holds it: .*idle in transaction for/,
      ),
      subjects: [
        { kind: 'function', name: 'payOrder', ...inShop },
        { kind: 'function', name: 'shipOrder', ...inShop },
      ],
    });

    expect(await found('leak', 'postgres.pool_exhausted')).toMatchObject({
      severity: 'critical',
      context: expect.stringContaining('has 2 clients at most; all are taken, 1 callers wait'),
      observation: expect.stringMatching(/^exportReport \(.*\) holds 2, .* no query for/),
      hypothesis: expect.stringContaining('does not release its client'),
      subjects: [{ kind: 'function', name: 'exportReport', ...inShop, value: 2 }, { kind: 'peer' }],
    });

    const { pools } = await service.call<{ pools: Told[] }>('postgres', 'postgres_pools');
    expect(JSON.stringify(pools)).not.toContain('password');
    expect(pools.map(({ max }) => max)).toEqual([2, 5, 3, 4, 2]);
    const exhausted = await service.call('postgres', 'postgres_server_activity', [5]);
    expect(exhausted).toMatchObject({ server: { pool: 5, isOwnConnection: true } });
    const [query] = await service
      .call<Told[]>('postgres', 'postgres_queries', [5, 50])
      .then((all) => all.filter(({ calls }) => calls === 150));
    expect(query).toMatchObject({
      query: `SELECT state FROM ${table} WHERE id = ?`,
      rowsPerCall: 1,
      errors: 0,
      frame: { name: 'loadOrder', ...inShop },
    });
  });

  test('the healthy twin is silent, also while main is blocked', { timeout: 40_000 }, async () => {
    const service = await start();
    expect(await service.snapshot('postgres')).toMatchObject({
      queries1m: 0,
      unavailable: ['pg: not loaded'],
    });
    service.start('healthy');
    const snapshot = await service.until(
      'postgres',
      ({ queries1m, slowQueries5m }) => queries1m === 61 && slowQueries5m === 1,
    );
    expect(snapshot).toMatchObject({
      errors1m: 20,
      unexpectedErrors5m: 0,
      requestsWithRepetition5m: 0,
      pools: 1,
      poolMax: 2,
      unavailable: [],
    });
    expect(Number(snapshot.poolWaits1m)).toBeGreaterThan(0);
    expect(await service.diagnose('postgres')).toEqual([]);

    const activity = await service.call<Told>('postgres', 'postgres_server_activity');
    expect(activity).toMatchObject({
      maxConnections: expect.any(Number),
      database: { deadlocks: expect.any(Number) },
    });
    const { tables } = await service.call<{ tables: Told[] }>('postgres', 'postgres_server_tables');
    expect(tables.map((one) => one.table)).toContain(`public.${table}`);
    expect(await service.call('postgres', 'postgres_server_locks')).toMatchObject({ blocked: [] });
    const statements = await service.call<Told>('postgres', 'postgres_server_statements');
    expect(Object.keys(statements)).toContainEqual(expect.stringMatching(/^(statements|unavailable)$/));
    const after = await service.snapshot('postgres');
    expect(after).toMatchObject({ queries1m: 61, heldClients: 0, inFlight: 0 });

    service.start('block while a query runs');
    await service.until('postgres', ({ inFlight }) => Number(inFlight) > 0);
    const running = await service.call<Told[]>('postgres', 'postgres_in_flight');
    expect(running[0]).toMatchObject({ state: 'sent', frame: { name: 'listOrders', ...inShop } });
    while ((await service.snapshot('postgres')).inFlight !== 0)
      expect(await service.diagnose('postgres')).toEqual([]);
    await service.until('postgres', ({ queries1m }) => queries1m === 66);
    expect(await service.diagnose('postgres')).toEqual([]);
  });
});
