// What scripts may ask about workers and child processes. From the recorder's memory and /proc; only
// supervision_workers asks main.
import { join } from 'node:path';
import type { Callback, CallContext, JsonObject } from '@nodelens/core';
import * as v from 'valibot';
import { round } from '../wording.ts';
import { balanceOf } from './balance.ts';
import { childrenNow, zombiesNow } from './child-list.ts';
import { type CrashLoop, crashLoopsOf } from './crash-loops.ts';
import { longTasks } from './long-tasks.ts';
import { newConnections } from './new-connections.ts';
import { pileUpsOf } from './pile-up.ts';
import { workersNow, workersRemembered } from './present.ts';
import { isFailure } from './reason.ts';
import { describeEnd, locator, type Sources } from './sources.ts';
import { treeOf } from './tree.ts';
import { workerFunctions } from './worker-functions.ts';
import { workerStacks } from './worker-stacks.ts';

const TOLD = 50;
const MINUTE_MS = 60_000;

type Callbacks = { readonly [name: string]: Callback };

export const supervisionCallbacks = (sources: Sources): Callbacks => ({
  ...present(sources),
  ...past(sources),
  ...shape(sources),
});

function present(sources: Sources): Callbacks {
  const { context, feed, lives, watch } = sources;
  const locate = locator(context);
  return {
    supervision_workers: {
      description:
        "The app's living worker threads, looked at for windowSeconds (default 1): id, name, file, threadId, ageMs, eventLoopUtilization (0 to 1; Atomics.wait counts as busy), cpuPercent of one core, heapUsedMb, heapLimitMb, starter (the app's frame that started it); the busiest first; no utilization and CPU while main does not answer. Asks main and each worker three times: about 0.3 ms of main per worker.",
      params: { windowSeconds: v.optional(v.pipe(v.number(), v.minValue(0.2), v.maxValue(3)), 1) },
      run: async (seconds: number, { signal }: CallContext) => {
        const found = await workersNow(feed, seconds * 1_000, signal).catch(() => workersRemembered(lives));
        const busiest = found.toSorted((a, b) => (b.cpuPercent ?? 0) - (a.cpuPercent ?? 0));
        return Promise.all(
          busiest.slice(0, TOLD).map(async ({ startedAtMs, starter, cpuTotalMs: _, ...worker }) => ({
            ...worker,
            ageMs: Math.max(0, context.now() - startedAtMs),
            starter: await locate(starter),
          })),
        );
      },
    },
    supervision_worker_functions: {
      description:
        "The app's functions in which the worker thread with this id (of supervision_workers) spends its CPU, looked at for 0.3 s, the busiest first: name, file, line, selfShare (0 to 1); empty while it is idle, null when it cannot tell. Costs main about 2 ms and slows the worker a little meanwhile.",
      params: { id: v.pipe(v.number(), v.integer(), v.minValue(1)) },
      run: async (id: number, { signal }: CallContext) => {
        const found = await workerFunctions(feed, id, signal);
        return found === undefined
          ? null
          : Promise.all(found.map(async ({ frame, selfShare }) => ({ ...(await locate(frame)), selfShare })));
      },
    },
    supervision_long_tasks: {
      description:
        "The app's worker threads that compute and neither read nor write anything, so take no message and answer none, the longest first: id, name, file, threadId, starter, forMs (at least), cpuMs in that time, tasksBefore (messages that it took and answered), usualTaskMs (CPU of one of them), waiting (messages that main has posted since, 64 at most). While there is one, it asks main as supervision_workers does.",
      run: async ({ signal }: CallContext) =>
        Promise.all(
          (await longTasks(sources, signal)).map(async ({ worker, usualTaskMs = null, ...task }) => {
            const { id, name, file = null, threadId, starter } = worker;
            return { id, name, file, threadId, starter: await locate(starter), ...task, usualTaskMs };
          }),
        ),
    },
    supervision_worker_stacks: {
      description:
        "The app's functions that the worker thread with this id (of supervision_workers) is in, from 8 stacks within 0.3 s, the innermost first: name, file, the line that runs, share of the stacks (0 to 1): what is in all of them has not returned meanwhile, or is called again and again; empty while it is idle, null when it cannot tell. Costs main about 2 ms.",
      params: { id: v.pipe(v.number(), v.integer(), v.minValue(1)) },
      run: async (id: number, { signal }: CallContext) => {
        const found = await workerStacks(feed, id, signal);
        return found === undefined
          ? null
          : Promise.all(found.map(async ({ frame, share }) => ({ ...(await locate(frame)), share })));
      },
    },
    supervision_threads: {
      description:
        "The app's threads (workers, and threads of native modules) over the last windowSeconds (5 to 60, default 15), the busiest first: tid, name, cpuPercent of one core and wantedPercent, waiting for a core included. A worker is named by its option `name`, or WorkerThread.",
      params: { windowSeconds: v.optional(v.pipe(v.number(), v.minValue(5), v.maxValue(60)), 15) },
      run: (seconds: number) => watch.threadRates(watch.now(), seconds * 1_000).slice(0, TOLD),
    },
    supervision_children: {
      description:
        'Child processes and cluster workers now, by CPU: pid, name, kind, state (Z: dead and not reaped), ageMs, cpuPercent of one core over the last 15 s, rssMb, threads, openFiles, starter; isKnown: false when main did not start it or did so before attaching.',
      run: async () => childrenNow(sources, locate, TOLD),
    },
    supervision_zombies: {
      description:
        'Children that are dead and not reaped: zombies (pid, name, seenForMs, isKnown: started by main), mainBlockedMs (a blocked main cannot reap), isInit (this process is pid 1, to which orphans are given).',
      run: () => zombiesNow(sources),
    },
  };
}

function past({ context, lives }: Sources): Callbacks {
  const locate = locator(context);
  return {
    supervision_exits: {
      description:
        'Ends of workers and child processes, newest first: kind, name, file, reason, exitCode, signal, error (type, code, message, frame), starter, agoMs, livedMs. onlyFailures (default false) leaves out the orderly ones.',
      params: {
        limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(TOLD)), 20),
        onlyFailures: v.optional(v.boolean(), false),
      },
      run: async (limit: number, onlyFailures: boolean) =>
        Promise.all(
          lives
            .ended()
            .filter((life) => !onlyFailures || isFailure(life))
            .slice(0, limit)
            .map((life) => describeEnd(life, locate, context.now())),
        ),
    },
    supervision_crash_loops: {
      description:
        'What failed in the last minutes (default 5, at most 60), by name and starter, loops first: starts, failures, restarts (starts that followed a failure), restartsPerMinute, medianLifeMs of the failed, isLooping (more than 3 restarts within 5 s, or 5 quick failures within the window; going on), last (the newest failure).',
      params: { minutes: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(60)), 5) },
      run: async (minutes: number) => {
        const now = context.now();
        const found = crashLoopsOf([...lives.alive(), ...lives.ended()], now, minutes * MINUTE_MS);
        return Promise.all(
          found.slice(0, 20).map(async ({ starter, last, ...loop }: CrashLoop) => ({
            ...loop,
            starter: await locate(starter),
            last: await describeEnd(last, locate, now),
          })),
        );
      },
    },
  };
}

function shape(sources: Sources): Callbacks {
  const { context, lives, root, watch } = sources;
  const locate = locator(context);
  return {
    supervision_pile_ups: {
      description:
        'Living child processes by command and starter, the most first: alive, risenPerMinute, oldestMs, isGrowing (24 or more, and more in each quarter of the last minute).',
      run: async () => {
        const all = [...lives.alive(), ...lives.ended()];
        return Promise.all(
          pileUpsOf(all, context.now())
            .slice(0, 20)
            .map(async ({ starter, ...pile }) => ({ ...pile, starter: await locate(starter) })),
        );
      },
    },
    supervision_cluster_balance: {
      description:
        'Cluster workers over the last 15 s, the busiest first: pid, cpuPercent of one core, mainReadsPerSecond (how much comes in), openFiles (sockets included), ageMs, rssMb; meanPercent, maxPercent, othersPercent (mean without the busiest).',
      run: () => balanceOf(sources) as unknown as JsonObject,
    },
    supervision_new_connections: {
      description:
        'How many TCP connections come in to a child process or cluster worker within two seconds: at least so many, those that are gone at once are missed; 10 stand for 10 and more. null when main has no such child.',
      params: { pid: v.pipe(v.number(), v.integer(), v.minValue(1)) },
      run: async (pid: number, { signal }: CallContext) =>
        watch.now().children.has(pid) ? newConnections(join(root, 'proc', String(pid)), signal) : null,
    },
    supervision_tree: {
      description:
        'Who runs what: the process, its worker threads, cluster workers and child processes by starter, and apart from them what belongs to Nodelens itself (threads, script process, operators that failed or were restarted in the last hour).',
      run: async () => treeOf(sources, locate),
    },
    supervision_rates: {
      description:
        'Starts, orderly ends and failures per minute over the last 1, 5 and 15 minutes, by kind (worker, cluster, child).',
      run: () => ratesOf(sources),
    },
  };
}

function ratesOf({ context, lives }: Sources): JsonObject {
  const now = context.now();
  const all = [...lives.alive(), ...lives.ended()];
  const rates = [1, 5, 15].map((minutes) => {
    const from = Math.max(context.startedAtMs, now - minutes * MINUTE_MS);
    const span = Math.max(1, (now - from) / MINUTE_MS);
    const perMinute = (count: number): number => round(count / span);
    const kinds = (['worker', 'cluster', 'child'] as const).map((kind) => {
      const own = all.filter((life) => life.kind === kind);
      const ended = own.filter(({ endedAtMs }) => endedAtMs !== undefined && endedAtMs >= from);
      const failed = ended.filter(isFailure);
      return [
        kind,
        {
          startedPerMinute: perMinute(own.filter(({ startedAtMs }) => startedAtMs >= from).length),
          endedPerMinute: perMinute(ended.length - failed.length),
          failedPerMinute: perMinute(failed.length),
        },
      ] as const;
    });
    return [`last${minutes}m`, Object.fromEntries(kinds)] as const;
  });
  return Object.fromEntries(rates) as JsonObject;
}
