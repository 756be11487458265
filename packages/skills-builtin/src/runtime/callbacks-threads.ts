// What scripts may ask of the threads of the process, and of what main computes.
import type { Callback, CallContext, JsonObject, ProbeFeed, RecorderContext } from '@nodelens/core';
import * as v from 'valibot';
import { numberOf } from '../evidence.ts';
import { filledBy } from '../threadpool/filled-by.ts';
import { lookAtWork } from '../threadpool/look.ts';
import { createThreadpool } from '../threadpool/threadpool.ts';
import { profileChange } from './hot-change.ts';
import { createWorkerThreads } from './worker-threads.ts';

const MINUTE_MS = 60_000;

export interface ThreadsTold {
  readonly context: RecorderContext;
  /** Of the probe `workers`. */
  readonly workers: ProbeFeed;
  /** Of the probe `runtime`. */
  readonly main: ProbeFeed;
}

export function threadCallbacks(told: ThreadsTold): { readonly [name: string]: Callback } {
  const { context, workers } = told;
  const workerThreads = createWorkerThreads(context, workers);
  return {
    runtime_threads: {
      description:
        'Threads over the next half second, the busiest first: tid, name, state, cpuPercent of one core.',
      run: async () => (await context.threads()).toSorted((a, b) => b.cpuPercent - a.cpuPercent),
    },
    runtime_workers: {
      description:
        'Worker threads of the app, the busiest first: name, file, utilization of its loop (0 to 1) over windowMs, cpuPercent of one core, tid, state, heapUsedMb, heapLimitMb. Costs main 0.1 ms each.',
      run: ({ signal }: CallContext) => workerThreads.look(signal),
    },
    runtime_threadpool: {
      description:
        "Libuv's pool over the next watchMs: threads, runningMean, waitingForDiskMean, saturated, by (what keeps it busy: fs, dns, crypto, zlib, compute), waitMs of a smallest task, what waits, and what main gives to it by kind with the functions that do (sites).",
      params: { watchMs: v.optional(v.pipe(v.number(), v.minValue(100), v.maxValue(1_000)), 500) },
      run: (watchMs: number, { signal }: CallContext) => lookAtThreadpool(told, watchMs, signal),
    },
    ...functionCallbacks(context),
  };
}

function functionCallbacks(context: RecorderContext): { readonly [name: string]: Callback } {
  return {
    runtime_hot_functions: {
      description:
        'Functions with the most CPU of main: selfShare and totalShare (0 to 1), file, line, callers, nodeCall (what of Node they mostly called). Costs main 2 ms.',
      params: { windowSeconds: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(60)), 30) },
      run: async (seconds: number) => {
        const { functions, ...profile } = await context.profile(seconds * 1000);
        return { ...profile, functions: functions.slice(0, 15) };
      },
    },
    runtime_hot_function_change: {
      description:
        "Whose share of main's CPU changed most, the last seconds against the rest of the minute: share, shareBefore, change (0 to 1). isComparable false: main computed too little. Costs main 4 ms.",
      params: { seconds: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(55)), 15) },
      run: async (seconds: number) => {
        const whole = await context.profile(MINUTE_MS);
        const recent = await context.profile(context.now() - whole.toMs + seconds * 1000);
        return { seconds, ...profileChange(whole, recent) };
      },
    },
  };
}

/** Of the time that its threads were looked at. */
const SATURATED_SHARE = 0.9;

async function lookAtThreadpool(
  { context, main }: ThreadsTold,
  watchMs: number,
  signal: AbortSignal,
): Promise<JsonObject> {
  const threadpool = createThreadpool('/');
  threadpool.tick();
  const looked = await lookAtWork({ context, main, threadpool }, watchMs, signal);
  const threads = numberOf(looked.threads);
  const atWork = numberOf(looked.runningMean) + numberOf(looked.waitingForDiskMean);
  return {
    ...looked,
    by: filledBy(looked) ?? null,
    saturated: looked.runningMean === null ? null : threads > 0 && atWork >= SATURATED_SHARE * threads,
    waitMs: Math.round(threadpool.waitMs() ?? 0),
  };
}
