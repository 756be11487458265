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
        'Threads of the process over the next half second: tid, name, state, cpuPercent of one core; the busiest first.',
      run: async () => (await context.threads()).toSorted((a, b) => b.cpuPercent - a.cpuPercent),
    },
    runtime_workers: {
      description:
        'Every worker thread of the app, the busiest first: name, file, utilization of its loop (0 to 1) over windowMs (since the last call of this, at first since it started), cpuPercent of one core over half a second, tid and state where its thread can be told by its name, heapUsedMb, heapLimitMb. Costs main 0.1 ms for each worker.',
      run: ({ signal }: CallContext) => workerThreads.look(signal),
    },
    runtime_threadpool: {
      description:
        "Libuv's pool over the next watchMs (default 500): threads, runningMean and waitingForDiskMean of them, saturated (nearly all of them at work), by (what they are busy with: fs, dns, crypto, zlib; compute for crypto, compression or an addon that was given before), waitMs of a smallest task, files and lookups given to it and not done, and what main gives to it by kind (fs, dns, crypto, zlib) with the functions that do (sites). While it watches, making asynchronous resources other than promises costs main 1 us more each.",
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
        'Functions of the user with the most CPU of main in the last window (60 s at most): selfShare and totalShare (0 to 1), file, line, callers, nodeCall (the function of Node that it mostly called: execFileSync). Costs main about 2 ms.',
      params: { windowSeconds: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(60)), 30) },
      run: async (seconds: number) => {
        const { functions, ...profile } = await context.profile(seconds * 1000);
        return { ...profile, functions: functions.slice(0, 15) };
      },
    },
    runtime_hot_function_change: {
      description:
        "Whose share of main's CPU rose or fell: the last seconds (default 15) against the rest of the last minute; per function share, shareBefore and change (0 to 1), the largest change first. Empty and isComparable false where main computed too little in one of the two. Costs main about 4 ms.",
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
