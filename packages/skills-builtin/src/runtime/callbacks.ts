// What scripts may ask of the runtime. Figures come from the rings; only what says so asks main.
import type { Callback, JsonObject, RecorderContext } from '@nodelens/core';
import * as v from 'valibot';
import { type StallsTold, stallCallbacks } from './callbacks-stalls.ts';
import { type ThreadsTold, threadCallbacks } from './callbacks-threads.ts';
import { BASELINE_MS, cpuBaseline } from './cpu-baseline.ts';
import { cpuFigures, heapTrend, loopFigures, stallFigures, stallsOf } from './window.ts';

const MINUTE_MS = 60_000;

const windowSeconds = v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(600)), 60);

export function runtimeCallbacks(told: StallsTold & ThreadsTold): { readonly [name: string]: Callback } {
  const { context } = told;
  return { ...figures(context), ...threadCallbacks(told), ...stallCallbacks(told), ...live(context) };
}

function figures(context: RecorderContext): { readonly [name: string]: Callback } {
  return {
    runtime_memory: {
      description:
        'Memory in MB (rss, heapUsed, heapTotal, external, arrayBuffers) and how the floor of the heap moved in 1, 5 and 15 minutes.',
      run: () => memoryOf(context),
    },
    runtime_event_loop: {
      description: 'Event loop: utilization (0 to 1), delay in ms (p50, p99, max), stalls.',
      params: { windowSeconds },
      run: (seconds: number) => ({
        windowSeconds: seconds,
        ...loopFigures(context.vitals.since(seconds * 1000)),
        stalls: { ...stallFigures(stallsOf(context, seconds * 1000)) },
      }),
    },
    runtime_cpu: {
      description:
        'CPU in percent of one core: main and whole process, mean and max; main over 10 s against 10 minutes: baselinePercent (median), burstFactor, burstDeviations.',
      params: { windowSeconds },
      run: (seconds: number) => ({
        windowSeconds: seconds,
        ...cpuFigures(context.vitals.since(seconds * 1000)),
        ...baselineOf(context),
      }),
    },
  };
}

function baselineOf(context: RecorderContext): JsonObject {
  const cpu = cpuBaseline(context.vitals.since(BASELINE_MS), context.now());
  return {
    baselinePercent: cpu?.baselinePercent ?? null,
    burstFactor: cpu?.factor ?? null,
    burstDeviations: cpu?.deviations ?? null,
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

function live({ inspector }: RecorderContext): { readonly [name: string]: Callback } {
  return {
    runtime_active_resources: {
      description: 'What keeps the loop alive, counted by type. Asks main: 1 ms.',
      run: () =>
        inspector.evaluate(
          '(() => { const n = {}; for (const t of process.getActiveResourcesInfo()) n[t] = (n[t] ?? 0) + 1; return n; })()',
        ),
    },
  };
}
