// What scripts may ask about single collections, what collecting achieves, and how long the heap has room.
import type { Callback, CallContext, JsonObject, RecorderContext } from '@nodelens/core';
import * as v from 'valibot';
import { round } from '../wording.ts';
import { heapAround, watchEfficiency } from './efficiency.ts';
import { type HeapForecast, heapForecast } from './forecast.ts';
import { type JudgedGc, ownMs } from './own-time.ts';
import { collectionsSince } from './window.ts';

const MINUTE_MS = 60_000;
const FORECAST_MS = 60 * MINUTE_MS;
/** What a start needs says nothing of what follows. */
const STARTING_MS = 5_000;
const MAX_EVENTS = 30;

export function pastCallbacks(
  context: RecorderContext,
  readHeapLimit: () => Promise<number | undefined>,
): { readonly [name: string]: Callback } {
  return {
    gc_long_events: {
      description:
        'Long collections, longest first, forced ones left out: secondsAgo, kind, durationMs, starvedMs, heap before and after in MB, during (the function that was running).',
      params: {
        minutes: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(60)), 10),
        leastMs: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(10_000)), 50),
      },
      run: (minutes: number, leastMs: number) => longEvents(context, minutes * MINUTE_MS, leastMs),
    },
    gc_efficiency: {
      description:
        'What collections free, watched for some seconds, minor and major apart: count, totalMs, freedMb, freedMbPerMs, freedShare (0 to 1); and the last full ones. Costs main 50 us each.',
      params: { windowSeconds: v.optional(v.pipe(v.number(), v.minValue(0.5), v.maxValue(20)), 5) },
      timeoutMs: 25_000,
      run: async (seconds: number, { signal }: CallContext) => ({
        windowSeconds: seconds,
        ...(await watchEfficiency(context.inspector, seconds * 1000, signal)),
        recentMajors: recentMajors(context),
      }),
    },
    gc_heap_limit_forecast: {
      description:
        'When the heap is full, by what full collections leave: floorMb, limitMb, mbPerMinute, isSteady, windowSeconds; minutesUntilLimit only where the growth is steady. known false: too little to go by.',
      run: async () => {
        const forecast = forecastFor(context, await readHeapLimit());
        return forecast === undefined ? { known: false } : { known: true, ...forecast };
      },
    },
  };
}

export function forecastFor(context: RecorderContext, limitMb: number | undefined): HeapForecast | undefined {
  if (limitMb === undefined) return undefined;
  const sinceMs = context.startedAtMs + STARTING_MS;
  const isLater = ({ atMs }: { readonly atMs: number }): boolean => atMs >= sinceMs;
  return heapForecast({
    samples: context.vitals.since(FORECAST_MS).filter(isLater),
    gcEvents: context.gc.since(FORECAST_MS).filter(isLater),
    limitMb,
  });
}

const secondsAgo = (context: RecorderContext, { atMs }: JudgedGc): number =>
  round((context.now() - atMs) / 1000);

function longEvents(context: RecorderContext, windowMs: number, leastMs: number): JsonObject {
  const long = collectionsSince(context, windowMs).filter((gc) => !gc.forced && ownMs(gc) >= leastMs);
  const samples = context.vitals.since(windowMs);
  const events = long.toSorted((a, b) => ownMs(b) - ownMs(a)).slice(0, MAX_EVENTS);
  return {
    count: long.length,
    totalMs: round(long.reduce((sum, gc) => sum + ownMs(gc), 0)),
    events: events.map((gc) => ({
      secondsAgo: secondsAgo(context, gc),
      kind: gc.kind,
      durationMs: round(gc.durationMs),
      starvedMs: gc.starvedMs,
      ...heapAround(gc, samples),
      during: runningDuring(context, gc),
    })),
  };
}

function runningDuring({ stalls }: RecorderContext, { atMs, durationMs }: JudgedGc): JsonObject | undefined {
  const { culprit } =
    stalls
      .newest()
      .find(
        (stall) => atMs + durationMs > stall.startedAtMs && atMs < stall.startedAtMs + stall.durationMs,
      ) ?? {};
  return culprit && { name: culprit.name, file: culprit.file, line: culprit.line };
}

function recentMajors(context: RecorderContext): readonly JsonObject[] {
  const samples = context.vitals.since(10 * MINUTE_MS);
  return collectionsSince(context, 10 * MINUTE_MS)
    .filter(({ kind }) => kind === 'major')
    .slice(0, 10)
    .map((gc) => ({
      secondsAgo: secondsAgo(context, gc),
      durationMs: round(gc.durationMs),
      forced: gc.forced,
      ...heapAround(gc, samples),
    }));
}
