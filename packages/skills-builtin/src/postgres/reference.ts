// The skill `postgres` for docs/skills.
import type { Reference } from '../reference.ts';

const SERVER =
  "one read-only statement on a client of the app's own pool, which the app cannot use meanwhile (2 s at most), and less than 1 ms of main; where every pool is exhausted, a connection of its own that is closed at once";

export const reference: Reference = {
  snapshot: {
    queries1m: 'queries that ended within the last minute (to the quarter minute, as all of 1m here)',
    queriesPerSecond: 'the same per second',
    statements1m: 'different statements among them, literals masked; beyond 60 in 15 s they count as one',
    queryP50Ms:
      'median of their durations, from sending to the answer, exact to an eighth; 0 without queries',
    queryP99Ms: '99th percentile of the same',
    longestQuery1mMs: 'the longest of them',
    errors1m: 'those that failed',
    errorPercent1m: 'their share, in percent',
    slowQueries5m: 'queries of 250 ms and more within 5 minutes (the newest 300; 20 a second are kept)',
    verySlowQueries5m: 'of them, those of 1 s and more without the stalls of main',
    unexpectedErrors5m:
      'failed queries and connection attempts within 5 minutes, without what apps expect (SQLSTATE 22, 23, P0, 40001, 55P03)',
    requestsWithRepetition5m:
      'HTTP requests within 5 minutes that ran one statement 10 times or more; counted for each such statement',
    inFlight: 'queries without an answer now',
    oldestInFlightMs: 'age of the oldest of them, without the stalls of main; 0 when there is none',
    heldClients: 'clients that are taken out of their pools now',
    waitingForClient: 'callers that wait now for a client of a pool that has none left',
    oldestPoolWaitMs:
      'how long the first of them has waited, without the stalls of main; 0 when there is none',
    pools: 'pools that are not ending, as of the last query that ended; 0 before the first',
    poolClients: 'clients of these pools, in all, as of then',
    poolMax: 'how many they may have, in all',
    poolWaits1m: 'waits for a client of a full pool that ended within the last minute',
    longestPoolWait1mMs: 'the longest of them',
    droppedEvents: 'events of the probe that were dropped since the start: more than 1,000 a second',
    unavailable: 'what cannot be told, by name and with the reason',
  },
  costs: {
    postgres_pools: 'less than 1 ms of main; while main does not answer, the pools as last told',
    postgres_in_flight: 'less than 1 ms of main, also while JavaScript blocks it; at most 30 queries',
    postgres_server_activity: SERVER,
    postgres_server_locks: SERVER,
    postgres_server_tables: SERVER,
    postgres_server_statements: `${SERVER}; needs the extension pg_stat_statements`,
  },
  thresholds: [
    {
      what: 'slow query',
      value: '250 ms',
      source: "PostgreSQL's manual: its example for log_min_duration_statement",
    },
    {
      what: 'statement reported as slow',
      value: '1 s in the median, 3 times within 5 minutes; without the stalls of main',
      source: 'a second is felt by whoever waits; three times is no coincidence (our choice)',
    },
    { what: 'query without an answer', value: '30 s', source: 'our choice: so long it is told by itself' },
    {
      what: 'exhausted pool',
      value: 'a caller has waited 1 s, and no client is idle',
      source: 'our choice: a burst fills a pool for a moment only',
    },
    {
      what: 'lock wait',
      value: '1 s; critical from 3 blocked queries of this process',
      source: "PostgreSQL's deadlock_timeout, after which it logs a lock wait; 3 is our choice",
    },
    {
      what: 'N+1',
      value:
        'one statement 10 times in one request, at most 50 ms between two executions, in 3 requests of a route; a warning from 50 ms together, or when the statement makes half of all that the app asks',
      source:
        "Sentry's detector takes five that last 50 ms together; ours twice as many, for one request may have its reasons; what waits longer between them polls",
    },
    {
      what: 'recurring error',
      value: '3 of one SQLSTATE and statement within 5 minutes; critical when the server is to blame',
      source: 'our choice: once may be a restart of the server, twice a coincidence',
    },
    {
      what: 'question to the server',
      value: 'statement_timeout 2 s, lock_timeout 0.5 s, 3 s for all on main',
      source: 'our choice: a watcher must not hold a client of the app for long',
    },
    {
      what: 'frames',
      value: '20 stacks a second, one for each statement in 5 s',
      source: 'measured: the text of a stack takes main 20 us',
    },
  ],
};
