// What scripts may ask of the runtime. Figures come from the rings; only what says so asks main.
import type { Callback, CallContext, JsonObject, RecorderContext, Stall } from '@nodelens/core';
import * as v from 'valibot';
import { afterStart, cpuFigures, heapTrend, loopFigures, stallFigures, stallsOf } from './window.ts';

const MINUTE_MS = 60_000;
const MAX_FRAMES = 12;

const windowSeconds = v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(600)), 60);
const limit = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 10);

export function runtimeCallbacks(context: RecorderContext): { readonly [name: string]: Callback } {
  return { ...figures(context), ...threads(context), ...stalls(context), ...live(context) };
}

function figures(context: RecorderContext): { readonly [name: string]: Callback } {
  return {
    runtime_memory: {
      description:
        'Memory now in MB (rss, heapUsed, heapTotal, external, arrayBuffers) and how the floor of the heap moved in 1, 5 and 15 minutes.',
      run: () => memoryOf(context),
    },
    runtime_event_loop: {
      description:
        'Event loop over a window: utilization (0 to 1), delay in ms (p50, p99, max), and the stalls in it.',
      params: { windowSeconds },
      run: (seconds: number) => ({
        windowSeconds: seconds,
        ...loopFigures(context.vitals.since(seconds * 1000)),
        stalls: { ...stallFigures(stallsOf(context, seconds * 1000)) },
      }),
    },
    runtime_cpu: {
      description: 'CPU over a window in percent of one core: main thread and whole process, mean and max.',
      params: { windowSeconds },
      run: (seconds: number) => ({
        windowSeconds: seconds,
        ...cpuFigures(context.vitals.since(seconds * 1000)),
      }),
    },
  };
}

function threads(context: RecorderContext): { readonly [name: string]: Callback } {
  return {
    runtime_threads: {
      description:
        'Threads of the process over the next half second: tid, name, state, cpuPercent of one core; the busiest first.',
      run: async () => (await context.threads()).toSorted((a, b) => b.cpuPercent - a.cpuPercent),
    },
    runtime_hot_functions: {
      description:
        'Functions of the user with the most CPU of main in the last window (60 s at most): selfShare and totalShare (0 to 1), file, line, callers. Costs main about 2 ms.',
      params: { windowSeconds: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(60)), 30) },
      run: async (seconds: number) => {
        const { functions, ...profile } = await context.profile(seconds * 1000);
        return { ...profile, functions: functions.slice(0, 15) };
      },
    },
  };
}

function memoryOf(context: RecorderContext): JsonObject {
  const now = context.vitals.newest(1)[0];
  const floor = (minutes: number): JsonObject | null =>
    ({ ...heapTrend(context, minutes * MINUTE_MS) }) as JsonObject;
  return {
    rssMb: now?.rssMb,
    heapUsedMb: now?.heapUsedMb,
    heapTotalMb: now?.heapTotalMb,
    externalMb: now?.externalMb,
    arrayBuffersMb: now?.arrayBuffersMb,
    floor1m: floor(1),
    floor5m: floor(5),
    floor15m: floor(15),
  };
}

function stalls(context: RecorderContext): { readonly [name: string]: Callback } {
  return {
    runtime_stalls: {
      description:
        'Stalls of the last 10 minutes, newest first: when, how long, kind, culprit (function, file, line), stack, gcMs (collections in it), starvedMs (the machine gave main no core). The start of the process is left out.',
      params: { limit },
      run: (count: number) =>
        afterStart(stallsOf(context, 10 * MINUTE_MS), context.startedAtMs)
          .slice(0, count)
          .map((stall) => describeStall(stall, context)),
    },
    runtime_current_stall: {
      description: 'The stall that is going on, as in runtime_stalls; null while main turns its loop.',
      run: () => {
        const current = context.currentStall();
        return current === undefined ? null : describeStall(current, context);
      },
    },
    runtime_await_stall_end: {
      description:
        'Waits until the stall that is going on has ended and has its name (a native call is named only then), at most maxWaitMs; returns { ended, stall }.',
      params: { maxWaitMs: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(20_000)), 10_000) },
      timeoutMs: 22_000,
      run: (maxWaitMs: number, call: CallContext) => awaitStallEnd(context, maxWaitMs, call),
    },
  };
}

async function awaitStallEnd(
  context: RecorderContext,
  maxWaitMs: number,
  { timeoutMs, signal }: CallContext,
): Promise<JsonObject> {
  const before = context.currentStall();
  await context.stallEnded(Math.min(maxWaitMs, timeoutMs), signal);
  if (before === undefined) return { ended: true, stall: null };
  const after = stallsOf(context, 10 * MINUTE_MS).find(({ id }) => id === before.id) ?? before;
  return { ended: !after.ongoing, stall: describeStall(after, context) };
}

/** Without the far end of the stack. */
function describeStall(stall: Stall, context: RecorderContext): JsonObject {
  const { stack, culprit, native, ...facts } = stall;
  return {
    ...facts,
    endedAgoMs: stall.ongoing ? 0 : Math.max(0, context.now() - stall.startedAtMs - stall.durationMs),
    ...(native !== undefined && { native: { ...native } }),
    ...(culprit !== undefined && { culprit: { ...culprit } }),
    stack: stack.slice(0, MAX_FRAMES).map((frame) => ({ ...frame })),
  };
}

function live({ inspector }: RecorderContext): { readonly [name: string]: Callback } {
  return {
    runtime_active_resources: {
      description:
        'What keeps the loop alive, counted by type ({ TCPSocketWrap: 12, Timeout: 3 }). Asks main: 1 ms.',
      run: () =>
        inspector.evaluate(
          '(() => { const n = {}; for (const t of process.getActiveResourcesInfo()) n[t] = (n[t] ?? 0) + 1; return n; })()',
        ),
    },
  };
}
