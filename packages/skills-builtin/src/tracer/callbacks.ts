// What scripts may ask of the tracer. Only the tracing itself touches main, and each says what it costs.
import type { Callback, CallContext, JsonObject, RecorderContext } from '@nodelens/core';
import * as v from 'valibot';
import { BURST, MAX_CALLS_PER_SECOND, MAX_COUNTED } from './protocol.ts';
import { describeCandidate, describeCount, describeTrace } from './result.ts';
import type { TargetName } from './targets.ts';
import type { TraceLog } from './trace-log.ts';
import type { Tracing } from './tracing.ts';

const MAX_SECONDS = 30;
/** Of the setting-up, the trace, and the removal on a busy main together. */
const TIMEOUT_MS = (MAX_SECONDS + 15) * 1000;
const CANDIDATES = 20;

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const file = v.pipe(v.string(), v.minLength(1), v.maxLength(1_000));
const line = v.pipe(v.number(), v.integer(), v.minValue(1));
const seconds = v.pipe(v.number(), v.minValue(0.2), v.maxValue(MAX_SECONDS));

const place = v.pipe(
  v.strictObject({ name: v.optional(name), file: v.optional(file), line: v.optional(line) }),
  v.check(
    (target) => target.name !== undefined || (target.file !== undefined && target.line !== undefined),
    'a target needs a name, or a file and a line',
  ),
);
/** `"load"`, or `{name, file, line}`. */
const target = v.union([name, place]);
type Target = v.InferOutput<typeof target>;

export interface Sources {
  readonly context: RecorderContext;
  readonly tracing: Tracing;
  readonly log: TraceLog;
}

type Callbacks = { readonly [name: string]: Callback };

const targetOf = (given: Target): TargetName => (typeof given === 'string' ? { name: given } : given);

export const tracerCallbacks = (sources: Sources): Callbacks => ({ ...looks(sources), ...traces(sources) });

function looks({ context, tracing, log }: Sources): Callbacks {
  return {
    tracer_find: {
      description:
        "Loaded functions of that name (a bare one finds methods too), the app's own first: name, file, line, toLine, hasRun. file may be the end of a path. Pauses main for 5 ms and 0.3 ms per MB of heap, at most every 30 s.",
      params: { name, file: v.optional(v.nullable(file), null) },
      run: async (wanted: string, where: string | null) => {
        const found = await tracing.find({ name: wanted, file: where ?? undefined });
        return found.slice(0, CANDIDATES).map(describeCandidate);
      },
    },
    tracer_status: {
      description:
        'What is being traced or counted right now, since when (ms), whether breakpoints stand on main, and how many traces were made and refused. Costs nothing.',
      run: () => statusOf({ context, tracing, log }),
    },
    tracer_last: {
      description: 'Results of the last traces, newest first, with atMs. Costs nothing.',
      params: { limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(20)), 5) },
      run: (limit: number) => log.newest(limit),
    },
  };
}

const COST =
  'Pauses main for 20 to 120 ms (refused above the granted pause); while it lasts each await on main costs 1 us more, each call of the function';

function traces({ context, tracing, log }: Sources): Callbacks {
  return {
    tracer_count: {
      description: `Calls per second of up to ${MAX_COUNTED} functions, each "name" or {name, file, line}, counted for seconds (default 2): calls, elapsedMs, callsPerSecond; isAtLeast when one exceeds ${MAX_CALLS_PER_SECOND}/s and its counting was ended. ${COST} 0.15 ms.`,
      params: {
        functions: v.pipe(v.array(target), v.minLength(1), v.maxLength(MAX_COUNTED)),
        seconds: v.optional(seconds, 2),
      },
      timeoutMs: TIMEOUT_MS,
      run: async (targets: readonly Target[], duration: number, call: CallContext) => {
        const counted = await tracing.count({ targets: targets.map(targetOf), seconds: duration }, call);
        return counted.map(describeCount);
      },
    },
    tracer_trace: {
      description: `Traces the calls of one function, "name" or {name, file, line}, for seconds (default 5) or maxCalls (default 100): callsPerSecond, durations in ms (min, p50, p99, max), shapes of arguments (no values), callers (function, file, line), errors, stoppedBy. Refused (isRefused) above ${MAX_CALLS_PER_SECOND} calls/s or ${BURST} at once. ${COST} 0.5 ms.`,
      params: {
        target,
        seconds: v.optional(seconds, 5),
        maxCalls: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)), 100),
      },
      timeoutMs: TIMEOUT_MS,
      run: async (given: Target, duration: number, maxCalls: number, call: CallContext) => {
        const traced = await tracing.trace({ target: targetOf(given), seconds: duration, maxCalls }, call);
        const told = await describeTrace(traced, context.locate);
        log.add(told);
        return told;
      },
    },
  };
}

/** For the snapshot as well. */
export function statusOf({ context, tracing, log }: Sources): JsonObject {
  const { activity } = tracing;
  return {
    isTracing: activity?.what === 'trace',
    isCounting: activity?.what === 'count',
    target: activity?.target ?? null,
    sinceMs: activity === undefined ? null : context.now() - activity.startedAtMs,
    hasBreakpoints: tracing.isHeld,
    traces: log.traces,
    refusedTraces: log.refused,
  };
}
