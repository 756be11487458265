// What scripts may ask of `postgres`: the past from the recorder's own memory, the present from the probe on main.
import type { Callback, JsonObject, JsonValue, RecorderContext } from '@nodelens/core';
import * as v from 'valibot';
import { listOf, numberOf } from '../evidence.ts';
import { type WithoutStalls, withoutStalls } from './blocked-main.ts';
import { serverCallbacks } from './callbacks-server.ts';
import { describeStatement, errorGroups, repetitions, slowGroups } from './figures.ts';
import { locate, present } from './present.ts';
import { coveredSeconds } from './query-store.ts';
import type { Sources } from './sources.ts';

export type Callbacks = { readonly [name: string]: Callback };

const MINUTE_MS = 60_000;
const minutes = v.optional(v.pipe(v.number(), v.minValue(0.25), v.maxValue(30)), 5);
const limit = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 20);

export const postgresCallbacks = (sources: Sources): Callbacks => ({
  ...pastCallbacks(sources),
  ...presentCallbacks(sources),
  ...serverCallbacks(sources),
});

function pastCallbacks({ context, past }: Sources): Callbacks {
  const { store } = past;
  const windowOf = (count: number) => {
    const nowMs = context.now();
    return { fromMs: nowMs - count * MINUTE_MS, nowMs };
  };
  const located = (items: readonly JsonObject[]): Promise<readonly JsonObject[]> =>
    Promise.all(items.map(async (item) => ({ ...item, frame: await locate(item.frame, context) })));
  const params = { minutes, limit };
  return {
    postgres_queries: {
      description:
        'Queries of the last minutes (default 5, at most 30) by statement, literals masked, most total time first: calls, callsPerSecond, totalMs, meanMs, p50Ms, p99Ms, maxMs (from sending to the answer), rowsPerCall, errors, and the frame of the app that it was last seen to come from.',
      params,
      run: (count: number, most: number) => {
        const { fromMs, nowMs } = windowOf(count);
        const seconds = coveredSeconds(fromMs, nowMs, context.startedAtMs);
        const items = [...store.statements(fromMs)]
          .sort(([, a], [, b]) => b.totalMs - a.totalMs)
          .slice(0, most)
          .map(([name, figures]) => ({
            ...describeStatement(name, figures, seconds),
            frame: store.frame(name),
          }));
        return located(items);
      },
    },
    postgres_slow_queries: {
      description:
        'Queries that took 250 ms or more in the last minutes (default 5), by statement, most time first: count, medianMs, maxMs and totalMs (without the time that the main thread was blocked), rows, database, newestAgoMs, endpoint, frame of the app.',
      params,
      run: (count: number, most: number) => {
        const { fromMs, nowMs } = windowOf(count);
        const own = withoutStalls(context);
        const slow = past.slow.since(fromMs).map((event) => ({ ...event, ownMs: ownMs(own, event) }));
        return located(slowGroups(slow, store, nowMs).slice(0, most));
      },
    },
    postgres_errors: {
      description:
        'Failed queries and connection attempts of the last minutes (default 5) by SQLSTATE (or socket code) and statement, most first: count of calls, meaning, newest message, isPoolFull, newestAgoMs, endpoint, frame of the app.',
      params,
      run: (count: number, most: number) => {
        const window = windowOf(count);
        return located(errorGroups(past.errors.since(window.fromMs), store, window).slice(0, most));
      },
    },
    postgres_n_plus_one: {
      description:
        'Statements that ran 10 times or more within one HTTP request (endpoint) or one chain of awaits (endpoint null) in the last minutes (default 5): contexts, medianExecutions, maxExecutions, medianSpanMs from the first to the last, meanMs of one, shareOfQueries (0 to 1, of all that the app asked in that time), frame of the app. A suspicion: the rows they ask for may be had by one statement.',
      params,
      run: (count: number, most: number) => {
        const window = windowOf(count);
        return located(repetitions(past.bursts.since(window.fromMs), store, window).slice(0, most));
      },
    },
  };
}

/** A query's time without the stalls of main, in ms. */
export const ownMs = (own: WithoutStalls, { atMs, ms }: JsonObject): number =>
  own(numberOf(atMs) - numberOf(ms), numberOf(atMs));

function presentCallbacks({ context, feed, past }: Sources): Callbacks {
  const by = {
    fingerprint: past.store.fingerprint,
    locate: (frame: Parameters<RecorderContext['locate']>[0]) => context.locate(frame),
  };
  const shown = async (told: JsonValue): Promise<readonly JsonObject[]> => listOf(await present(told, by));
  return {
    postgres_pools: {
      description:
        'The pools right now: host, database, user, total, idle, waiting, max; holders (clients that are taken: heldMs, idleMs without a query, last query, serverPid, frame that took it) and waiters (waitedMs, frame), oldest first. Asks main: under 1 ms.',
      run: async () => {
        const told = await feed.ask({ about: 'pools' }).catch(() => undefined);
        return told === undefined
          ? { isCurrent: false, pools: await shown(past.pools()) }
          : { isCurrent: true, pools: await shown(told) };
      },
    },
    postgres_in_flight: {
      description:
        'Queries that have no answer yet, oldest first (30 at most): query, ageMs, state (sent, or queued on its client), database, serverPid, pool, endpoint, frame. Asks main: under 1 ms, also while it is blocked by JavaScript.',
      run: async () => shown(await feed.ask({ about: 'in-flight' })),
    },
  };
}
