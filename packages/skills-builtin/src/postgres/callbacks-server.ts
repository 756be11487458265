// What scripts may ask of the server itself, through the app's own pool: read only, one question at a time.
import type { Callback, CallContext, JsonObject, JsonValue } from '@nodelens/core';
import * as v from 'valibot';
import { listOf, objectOf } from '../evidence.ts';
import { present } from './present.ts';
import type { ServerTopic } from './server-sql.ts';
import type { Sources } from './sources.ts';

const pool = v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))), null);
const TIMEOUT_MS = 8_000;
const COST =
  'Runs one read-only statement on a client of pool (id; null: one that is free), or over a connection of its own where it has none left, 2 s at most; {unavailable} says why not.';

export function serverCallbacks({ context, feed, past, askServer }: Sources): {
  readonly [name: string]: Callback;
} {
  const by = { fingerprint: past.store.fingerprint, locate: context.locate };
  const ask = (
    topic: ServerTopic,
    description: string,
    shape: (told: JsonValue, pools: JsonValue) => JsonObject = (told) => objectOf(told),
  ): Callback => ({
    description: `${description} ${COST}`,
    params: { pool },
    timeoutMs: TIMEOUT_MS,
    run: async (id: number | null, { signal }: CallContext) => {
      const answer = await askServer(topic, id, signal);
      if ('unavailable' in answer) return answer;
      const pools = topic === 'locks' ? await feed.ask({ about: 'pools' }).catch(() => []) : [];
      return present({ server: answer.pool, ...shape(answer.told, pools) }, by);
    },
  });
  return {
    postgres_server_activity: ask(
      'activity',
      'The server now: connections against maxConnections, by state and application; open transactions, oldest first (transactionMs, state, inStateMs: how long idle in transaction, wait); the database: commits, rollbacks, deadlocks, cacheHitShare, sizeMb (counters since its statistics were reset).',
    ),
    postgres_server_locks: ask(
      'locks',
      'Who waits for a lock, longest first: pid, waitingMs, query, lock (type, mode, table), blockedBy (pid, state, transactionMs, query, and client: the frame of this app that holds it).',
      (told, pools) => ({ blocked: listOf(told).map((one) => withClients(one, holdersOf(pools))) }),
    ),
    postgres_server_tables: ask(
      'tables',
      'The 20 tables with most dead rows: liveRows, deadRows, deadShare, sizeMb, scans, cacheHitShare, vacuumedAgoMs, analyzedAgoMs; and unusedIndexes.',
    ),
    postgres_server_statements: ask(
      'statements',
      'The 20 statements with most time of all clients, from pg_stat_statements: calls, totalMs, meanMs, maxMs, rows, cacheHitShare, temporaryMb (since its reset).',
      (told) => ({ statements: listOf(told) }),
    ),
  };
}

const holdersOf = (pools: JsonValue): readonly JsonObject[] =>
  listOf(pools).flatMap(({ pool: id, holders }) =>
    listOf(holders).map((holder): JsonObject => ({ pool: id, ...holder })),
  );

/** Processes of the server that serve clients of this app get what is known of these. */
function withClients(blocked: JsonObject, holders: readonly JsonObject[]): JsonObject {
  const clientOf = ({ pid }: JsonObject): JsonObject | undefined =>
    holders.find(({ serverPid }) => serverPid === pid);
  const client = clientOf(blocked);
  return {
    ...blocked,
    ...(client !== undefined && { client }),
    blockedBy: listOf(blocked.blockedBy).map((by) => {
      const blocker = clientOf(by);
      return blocker === undefined ? by : { ...by, client: blocker };
    }),
  };
}
