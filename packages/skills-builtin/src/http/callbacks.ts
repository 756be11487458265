// What scripts may ask of HTTP. All of it comes from the recorder's own memory; only what says so asks main.
import type { Callback, CallContext, JsonObject, ProbeFeed, RecorderContext } from '@nodelens/core';
import * as v from 'valibot';
import { objectOf } from '../evidence.ts';
import type { Callers } from './callers.ts';
import type { Counters } from './counters.ts';
import { peersOf, routesOf } from './figures.ts';
import { codeOf, type Finished } from './finished.ts';
import { inFlightOf } from './in-flight.ts';
import type { Lookups } from './lookups.ts';
import { nameServers } from './name-servers.ts';
import { ownDelay } from './own-delay.ts';
import type { Records } from './records.ts';
import { unreadAnswersOf } from './unread-answers.ts';

const MINUTE_MS = 60_000;
const ROWS = 50;
const IN_FLIGHT = 500;

const minutes = (otherwise: number) =>
  v.optional(v.pipe(v.number(), v.minValue(0.5), v.maxValue(60)), otherwise);
const seconds = (otherwise: number) =>
  v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(120)), otherwise);
const limit = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 20);

export interface Sources {
  readonly context: RecorderContext;
  readonly feed: ProbeFeed;
  readonly counters: Counters;
  readonly records: Records;
  readonly callers: Callers;
  readonly lookups: Lookups;
  /** Folder that holds the machine's `proc`. */
  readonly root: string;
}

type Callbacks = { readonly [name: string]: Callback };

export const httpCallbacks = (sources: Sources): Callbacks => ({
  ...tables(sources),
  ...lists(sources),
  ...present(sources),
});

const ROW =
  'count, perSecond, sharePercent, failures, failedPercent, codes, status4xx, aborted, p50Ms, p95Ms, p99Ms, maxMs, lastAgoMs; present (the last 10 s, or 60 s of what is rare) beside usual (lower quarter of the last 15 minutes)';

function tables({ context, counters, records }: Sources): Callbacks {
  return {
    http_routes: {
      description: `What is served, by route (method and path with ids as :id), most often first, of the last minutes (default 5): ${ROW}; main: delay of its own loop in ms. Failures are 5xx.`,
      params: { minutes: minutes(5) },
      run: (count: number) => ({
        main: ownDelay(context),
        served: servedOf(counters),
        routes: routesOf(records, context.now(), count).slice(0, ROWS),
      }),
    },
    http_peers: {
      description: `What is asked for, by origin, most often first, of the last minutes (default 5): ${ROW}; answeredLate (after 5 s and more); queuedMs until a connection was there; slowerPercent and risenMs: how much of it is slower than usual, call by call; calls; main: delay of its own loop in ms. Failures are 5xx and what was not answered. Times are until the headers of the answer.`,
      params: { minutes: minutes(5) },
      run: (count: number) => ({
        main: ownDelay(context),
        served: servedOf(counters),
        peers: peersOf(records, context.now(), count).slice(0, ROWS),
      }),
    },
    http_rate_history: {
      description:
        'The last minutes (default 10) in up to 60 equal parts, newest first, exact: served and asked per second, failures, p50 and p99 in ms.',
      params: { minutes: minutes(10) },
      run: (count: number) => counters.history(count),
    },
  };
}

function servedOf(counters: Counters): JsonObject {
  const span = counters.last(20_000);
  return {
    windowSeconds: span.seconds,
    count: span.grown('serverFinished'),
    errors5xx: span.grown('server5xx'),
    p50Ms: span.quantileMs('server', 0.5),
    recordedSeconds: counters.recordedSeconds(),
  };
}

function lists({ context, records, callers }: Sources): Callbacks {
  return {
    http_callers: {
      description:
        'Which functions of the app ask for what, most often first, of the last seconds (default 30, at most 120): peer, call, by (the function that made the request), from (where main came from its loop into: the handler of an event, or what went on after an await; after a failure who decided to ask again), asker (on the stack the one that stands for this call: no helper of many), samples, again (made within a second after the same had failed), againMs (how long after, median), sharePercent. Of five requests a second, and some more of those made again or with others for the same.',
      params: { seconds: seconds(30) },
      run: (last: number) => callers.sites(last),
    },
    http_bursts: {
      description:
        'Calls of which five and more of the very same were in flight at once within the last seconds (default 60, at most 120), most often first: peer, call, bursts, atOnce and lastedMs (medians), requests, quietMs (median time before a burst in which nobody asked; null: not known). One burst after a quiet time each is what a cache does that all fill at once.',
      params: { seconds: seconds(60) },
      run: (last: number) => callers.bursts(last),
    },
    http_slowest: {
      description:
        'The slowest finished requests of the last hour, both sides, slowest first: side, method, path or URL without query, status, durationMs, queuedMs, agoMs.',
      params: { limit },
      run: (count: number) =>
        records
          .slowest(context.now() - 60 * MINUTE_MS)
          .slice(0, count)
          .map((one) => told(one, context.now())),
    },
    http_errors: {
      description:
        'The newest failures, both sides, newest first: 5xx, connection errors by code, and responses that were closed before they were sent; with path or URL without query, durationMs, agoMs.',
      params: { limit },
      run: (count: number) =>
        records
          .failures()
          .slice(0, count)
          .map((one) => told(one, context.now())),
    },
  };
}

const told = (finished: Finished, nowMs: number): JsonObject => {
  const { side, name, method, target, status, durationMs, queuedMs, atMs } = finished;
  return {
    side,
    name,
    method,
    target,
    status,
    code: codeOf(finished),
    durationMs,
    queuedMs,
    atMs,
    agoMs: nowMs - atMs,
  };
};

function present({ context, feed, records, lookups, root }: Sources): Callbacks {
  return {
    http_lookups: {
      description:
        'The looking up of names in the last 10 s, by dns.lookup and by resolvers: count, medianMs beside usualMs (lower quarter of what was before; null: not known), failed with codes (of those that ended a request), by (the calls of Node), hosts, and servers: the name servers that the process is waiting for now (empty: not known). Looks for 0.3 s, none of it on main.',
      run: async ({ signal }: CallContext) => ({
        ...lookups.now(),
        servers: await nameServers(root, signal),
      }),
    },
    http_in_flight: {
      description:
        'What is in flight: the 20 oldest (side, method, path or URL, startedAtMs, ageMs, state) and groups by route or peer with count, oldestMs, unanswered, unansweredLong (5 s and more). Asks main: under 1 ms.',
      run: async () => inFlightOf(await feed.ask({ of: 'in-flight', limit: IN_FLIGHT })),
    },
    http_unread: {
      description:
        'Answers that came 5 s ago or more and have something to read that nobody reads, by peer, most first: unread, unreadBytes, oldestMs, newestMs, calls; beside them otherwiseInFlight, waiting for a connection (with waitingMs), quietMs (since it was last asked for anything, or answered), perSecond (of the last 15 minutes), servedWaiting (requests that the process serves, which came since then and have waited for 1 s). Asks main: under 1 ms.',
      run: async () =>
        unreadAnswersOf(
          await feed.ask({ of: 'in-flight', limit: IN_FLIGHT }),
          peersOf(records, context.now(), 15),
        ),
    },
    http_pools: {
      description:
        "Pools of connections by agent and peer, longest queue first: active, free, queued, maxSockets (null: no limit); waiting: what has no connection yet by peer, with oldestMs. Asks main: under 1 ms. An undici Pool of the app's own is told by waiting only.",
      run: async () => objectOf(await feed.ask({ of: 'pools' })),
    },
  };
}
