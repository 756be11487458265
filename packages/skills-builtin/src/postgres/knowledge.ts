// What is known of PostgreSQL seen from an app: the prompt, and which checks there are.
import type { Check } from '@nodelens/core';
import { errors } from './check-errors.ts';
import { lockWait } from './check-locks.ts';
import { poolExhausted } from './check-pool.ts';
import { nPlusOne } from './check-repetition.ts';
import { slowQuery } from './check-slow.ts';

export const postgresKeywords: readonly string[] = [
  'postgres',
  'postgresql',
  'pg',
  'sql',
  'database',
  'db',
  'query',
  'queries',
  'slow',
  'latency',
  'pool',
  'connection',
  'connections',
  'lock',
  'deadlock',
  'transaction',
  'timeout',
  'n+1',
  'index',
  'vacuum',
];

export const postgresPrompt = `You watch how one Node.js process uses PostgreSQL through the library pg (and whatever is built on it: Knex, Drizzle, TypeORM, Sequelize), and, over the app's own pool, the server itself.

HOW IT IS SEEN
- Queries are counted by statement, literals and lists masked (?), from sending to the answer on main. Waiting for a client of the pool is told apart (pool waits). What main was blocked meanwhile is taken off the slow ones, not off p50 and p99.
- A frame is where the app asked; it is sampled (20 stacks per second), so of a statement with many callers it names one of them. The holder of a client has a frame of its own.
- Requests are those of node:http. Cursors and streams are not timed. A bundled copy of pg, pg-native and other drivers are not seen.

WHAT MATTERS
- pool_exhausted: callers have waited for a client for 1 s and longer. postgres_pools() names the holders: idleMs of seconds means a client that is not released, or held while something else is awaited; busy holders mean slow queries (postgres_slow_queries) or locks. A bigger pool cures neither.
- slow_query: a statement takes 1 s or more in the median, three times in 5 minutes (a usual log_min_duration_statement), or one has no answer for 30 s. Look at postgres_server_locks() before you blame the statement.
- lock_wait: a query waits for 1 s (PostgreSQL's deadlock_timeout). The root is the blocker that is not blocked itself; "idle in transaction" means its owner forgot it or does something else.
- n_plus_one: a request of one route runs a statement 10 times and more, back to back, in three requests or more. A suspicion from counts, not from the code.
- errors: the same SQLSTATE three times in 5 minutes that no app expects (42 wrong statement, 53 resources, 57 shutdown or timeout, 08 connection, 40P01 deadlock).

HOW TO LOOK
- postgres_queries(5) for the whole, then the callback of the suspicion. Connections: postgres_server_activity(): near maxConnections minus reserved is a risk for all clients.
- postgres_server_tables(): deadShare above 0.2 with a vacuumedAgoMs of days is bloat (autovacuum_vacuum_scale_factor is 0.2); many sequentialScans with many rowsReadSequentially on a large table is a missing index. cacheHitShare under 0.99 on a busy database is worth a look.
- The server is asked one thing at a time, read only, for 2 s at most; when every pool is exhausted, over a connection of its own that is closed at once.

NORMAL, do not report
- A pool that is full, or waits, for less than a second; connections at their maximum while idle.
- Single slow queries, migrations and reports at a start; LISTEN clients that are held for ever.
- Unique violations (23505), serialization failures (40001) and other constraint errors: apps expect and handle them.
- Loops outside of requests (jobs, consumers) that repeat a statement; sequential scans of small tables; dead rows that autovacuum is about to take.`;

export const postgresChecks: readonly Check[] = [poolExhausted, lockWait, slowQuery, nPlusOne, errors];
