// The skill `postgres` on the recorder thread: what the app asks of PostgreSQL, how long it takes, and who waits.
import type { JsonObject, ProbeFeed, RecorderContext, Skill } from '@nodelens/core';
import { listOf, numberOf, textOf } from '../evidence.ts';
import { max, sum } from '../statistics.ts';
import { round } from '../wording.ts';
import { type WithoutStalls, withoutStalls } from './blocked-main.ts';
import { ownMs, postgresCallbacks } from './callbacks.ts';
import { isControl } from './fingerprint.ts';
import { count as countInto, type Histogram, quantile } from './histogram.ts';
import { postgresChecks, postgresKeywords, postgresPrompt } from './knowledge.ts';
import { keepPast, type Past } from './past.ts';
import { coveredSeconds, type Figures } from './query-store.ts';
import { createAskServer } from './server.ts';
import { slot } from './slots.ts';
import { isExpected } from './sqlstate.ts';

const MINUTE_MS = 60_000;
/** From here on a query of a request is felt by whoever waits for it. */
const VERY_SLOW_MS = 1_000;

export function createPostgresSkill(context: RecorderContext, _options: JsonObject, feed: ProbeFeed): Skill {
  const past = keepPast(feed);
  return {
    id: 'postgres',
    title: 'PostgreSQL',
    description:
      'PostgreSQL as the app uses it through pg: slow queries, errors, waits for a pool and who holds its clients, N+1 suspicion; and the server itself: locks, transactions, tables',
    systemPrompt: postgresPrompt,
    keywords: postgresKeywords,
    snapshot: () => snapshotOf(context, feed, past),
    callbacks: postgresCallbacks({ context, feed, past, askServer: createAskServer(feed, past) }),
    checks: postgresChecks,
  };
}

function snapshotOf(context: RecorderContext, feed: ProbeFeed, past: Past): JsonObject {
  const now = context.now();
  const own = withoutStalls(context);
  return {
    ...queryFigures(
      past.store.statements(now - MINUTE_MS),
      coveredSeconds(now - MINUTE_MS, now, context.startedAtMs),
    ),
    ...incidentFigures(own, past, now),
    ...presentFigures(own, feed, now),
    ...poolFigures(past, now),
    droppedEvents: feed.dropped,
    unavailable: unavailable(feed),
  };
}

function queryFigures(statements: ReadonlyMap<string, Figures>, seconds: number): JsonObject {
  const all = [...statements.values()];
  const calls = sum(all.map((figures) => figures.calls));
  const errors = sum(all.map((figures) => figures.errors));
  const durations: Histogram = new Map();
  for (const figures of all)
    for (const [bucket, many] of figures.durations) countInto(durations, bucket, many);
  return {
    queries1m: calls,
    queriesPerSecond: round(calls / seconds, 2),
    statements1m: all.length,
    queryP50Ms: round(quantile(durations, 0.5), 2),
    queryP99Ms: round(quantile(durations, 0.99), 2),
    longestQuery1mMs: round(max(all.map((figures) => figures.maxMs))),
    errors1m: errors,
    errorPercent1m: calls === 0 ? 0 : round((100 * errors) / calls),
  };
}

function incidentFigures(own: WithoutStalls, past: Past, now: number): JsonObject {
  const from = now - 5 * MINUTE_MS;
  const slow = past.slow.since(from).map((event) => ownMs(own, event));
  const errors = past.errors.since(from);
  const repeated = past.bursts
    .since(from)
    .filter(
      ({ text, endpoint }) => endpoint !== undefined && !isControl(past.store.fingerprint(textOf(text))),
    );
  return {
    slowQueries5m: slow.length,
    verySlowQueries5m: slow.filter((ms) => ms >= VERY_SLOW_MS).length,
    unexpectedErrors5m: errors.filter(({ code }) => !isExpected(code)).length,
    requestsWithRepetition5m: repeated.length,
  };
}

/** From the memory that main writes: true also while it is blocked. */
function presentFigures(own: WithoutStalls, { numbers }: ProbeFeed, now: number): JsonObject {
  const at = (position: number): number => numbers[position] ?? 0;
  const age = (since: number): number => (since === 0 ? 0 : own(since, now));
  return {
    inFlight: at(slot.inFlight),
    oldestInFlightMs: age(at(slot.oldestQueryAtMs)),
    heldClients: at(slot.held),
    waitingForClient: at(slot.waiting),
    oldestPoolWaitMs: age(at(slot.oldestWaitAtMs)),
  };
}

/** As they were when the last queries ended. */
function poolFigures(past: Past, now: number): JsonObject {
  const pools = listOf(past.pools()).filter(({ ending }) => ending !== true);
  const waits = past.store.waits(now - MINUTE_MS);
  return {
    pools: pools.length,
    poolClients: sum(pools.map(({ total }) => numberOf(total))),
    poolMax: sum(pools.map((pool) => numberOf(pool.max))),
    poolWaits1m: waits.count,
    longestPoolWait1mMs: Math.round(waits.maxMs),
  };
}

/** What cannot be told, by name. */
const unavailable = ({ failure, numbers }: ProbeFeed): readonly string[] => [
  ...(failure === undefined ? [] : [`queries: ${failure}`]),
  ...(failure !== undefined || numbers[slot.watched] ? [] : ['pg: not loaded']),
  ...(numbers[slot.unmeasured] ? ['cursors and streams (pg-cursor, pg-query-stream): not timed'] : []),
];
