// What scripts may ask that takes a look now: at the kernel's tables, or at main for well under a millisecond.
import type { Callback, CallContext, JsonObject, Stall } from '@nodelens/core';
import * as v from 'valibot';
import { lookAtWork } from '../threadpool/look.ts';
import { loadFigures, loopFigures, queuesBehindLoop, threadpoolFigures } from './figures.ts';
import { groupsOf, LOOKED_AT } from './in-flight.ts';
import { createKeepers } from './keepers.ts';
import type { Queues } from './queues.ts';

const MAIN_TIMEOUT_MS = 1_000;
const HOT_FUNCTIONS = 5;
const STALLS_MS = 60_000;
const STALLS = 10;
const PROFILE_MS = 10_000;

export function lookCallbacks(queues: Queues): { readonly [name: string]: Callback } {
  const { accept, sockets, requests, routes, context } = queues;
  const findKeepers = createKeepers(context);
  return {
    overload_accept_queues: {
      description:
        'Listening sockets of this process, most waiting first: address, waiting (connections that main has not accepted), limit and limitSource, highest1m, nearLimitMs (for how long at 80 % or more); and connections that found a queue full in the last minute (overflows, drops; of the whole network namespace). Costs 0.5 ms of the recorder.',
      run: () => {
        accept.read(queues.context.now());
        return {
          isKnown: accept.queues() !== undefined,
          queues: (accept.queues() ?? []).slice(0, 20),
          overflows: accept.overflows(60_000) ?? null,
        };
      },
    },
    overload_sockets: {
      description:
        'Open sockets of this process: bytes that main has not read and bytes that peers have not taken, in all and by peer (direction in: a client, out: a service), most first. Costs 5 to 20 ms of the recorder, none of main.',
      run: async () => (await sockets.read()) ?? null,
    },
    overload_in_flight: {
      description:
        'What is in flight now, the oldest 500 by route (side server) and by peer and route (side client), most first: count, oldestMs, medianAgeMs, usualMs of those that finished (null: too few), isStuck (five times as old as usual), usualBeforeMs and isSlowed (the same by those that finished before requests began to pile up), notSent, receiving (the answer has begun). Asks main: under 1 ms.',
      run: async () =>
        groupsOf(
          await requests.ask({ of: 'in-flight', limit: LOOKED_AT }, { timeoutMs: MAIN_TIMEOUT_MS }),
          routes,
          loadFigures(queues).calmUntilMs,
        ),
    },
    overload_pools: {
      description:
        'Pools of outgoing connections (http agents, fetch): peer, active, free, queued, maxSockets; and by peer what waits to be sent (waiting, oldestMs). Asks main: under 1 ms.',
      run: () => requests.ask({ of: 'pools' }, { timeoutMs: MAIN_TIMEOUT_MS }),
    },
    overload_threadpool: {
      description:
        "Libuv's pool: how long work waits for a thread (waitMs, waitMedian10sMs), its threads and how many ran or waited for a disk meanwhile (means), files and lookups given to it and not done, and for watchMs (default 500) what main gives to it by kind (fs, dns, crypto, zlib) and from which functions (sites). While it watches, making asynchronous resources other than promises costs main 1 us more each.",
      params: { watchMs: v.optional(v.pipe(v.number(), v.minValue(100), v.maxValue(1_000)), 500) },
      run: (watchMs: number, { signal }: CallContext) => lookAtThreadpool(queues, watchMs, signal),
    },
    overload_keepers: {
      description:
        'Functions of the app that, by their source, take something (acquire, checkout, lease, lock, getConnection and the like) and return on one way before they give it back: name, file, line, takes, takesAtLine, leavesAtLine; at most 10. A listing of functions: 5 ms of main and 0.3 ms for each MB of heap.',
      run: () => findKeepers(),
    },
    overload_stalls: {
      description:
        'Stalls of main in the last minute, newest first: durationMs, ongoing, kind and culprit (the function of the app that kept it).',
      run: () =>
        stallsOf(queues).map(({ startedAtMs, durationMs, ongoing, kind, culprit }) => ({
          startedAtMs,
          durationMs: Math.round(durationMs),
          ongoing,
          kind,
          culprit: culprit ?? null,
        })),
    },
    overload_hot_functions: {
      description:
        "The loop's load: utilization of the last 10 s, for how long it had no idle time, queues that grow behind it, and the functions of the app that took most of main's CPU in the last 10 s (selfShare, totalShare).",
      run: async () => {
        const { functions, idleShare } = await queues.context.profile(PROFILE_MS);
        const hottest = [...functions].sort((a, b) => b.selfShare - a.selfShare).slice(0, HOT_FUNCTIONS);
        return {
          ...loopFigures(queues),
          behind: queuesBehindLoop(queues),
          idleShare,
          functions: hottest.map(({ callers: _, ...one }) => one),
        };
      },
    },
  };
}

function stallsOf({ context }: Queues): readonly Stall[] {
  const current = context.currentStall();
  const past = context.stalls.since(STALLS_MS).filter(({ id }) => id !== current?.id);
  return [...(current === undefined ? [] : [current]), ...past].slice(0, STALLS);
}

async function lookAtThreadpool(queues: Queues, watchMs: number, signal: AbortSignal): Promise<JsonObject> {
  const looked = await lookAtWork(queues, watchMs, signal);
  const last = queues.work.last();
  return {
    ...threadpoolFigures(queues),
    ...looked,
    threads: looked.threads ?? last?.threads ?? null,
    files: looked.files ?? last?.files ?? null,
    lookups: looked.lookups ?? last?.lookups ?? null,
  };
}
