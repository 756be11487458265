// What scripts may ask about garbage collection.
import type { Callback, CallContext, JsonObject, RecorderContext } from '@nodelens/core';
import * as v from 'valibot';
import { siteFigures } from '../allocation-sites.ts';
import { type FloorTrend, floorTrend } from '../heap-floor.ts';
import { megabytes, round } from '../wording.ts';
import { forecastFor, pastCallbacks } from './callbacks-past.ts';
import { roomOf } from './room.ts';
import { collectionsSince, gcFigures } from './window.ts';

const MINUTE_MS = 60_000;
const HEAP_SPACES = `process.getBuiltinModule('node:v8').getHeapSpaceStatistics().map((s) => ({ name: s.space_name, sizeMb: Math.round(s.space_size / 104857.6) / 10, usedMb: Math.round(s.space_used_size / 104857.6) / 10, availableMb: Math.round(s.space_available_size / 104857.6) / 10 }))`;

export function gcCallbacks(
  context: RecorderContext,
  readHeapLimit: () => Promise<number | undefined>,
): { readonly [name: string]: Callback } {
  return {
    gc_stats: {
      description:
        'Collections by kind (count, perMinute, totalMs, longestMs), share of the time that main stood still, longest pause.',
      params: { windowSeconds: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(600)), 60) },
      run: (seconds: number) => ({ ...gcFigures(context, seconds * 1000) }),
    },
    gc_recent: {
      description:
        'The newest collections: when, kind, durationMs, starvedMs (the machine gave no core), forced (not by allocating).',
      params: { limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 20) },
      run: (count: number) =>
        collectionsSince(context, 60 * MINUTE_MS)
          .slice(0, count)
          .map((event) => ({ ...event })),
    },
    gc_pressure: {
      description:
        'How near the heap is to its limit: usedPercent, floor and its growth, minutesUntilLimit where that is steady, level (low, elevated, high, critical).',
      run: async () => pressureOf(context, await readHeapLimit()),
    },
    ...pastCallbacks(context, readHeapLimit),
    gc_room: {
      description:
        'Whether the limit of the heap leaves room for the young generation: liveMb, limitMb, youngMb, roomMb, isTooSmall. Asks main: 1 ms.',
      run: async () => {
        const limitMb = await readHeapLimit();
        const spaces = await context.inspector.evaluate(HEAP_SPACES);
        return roomOf(spaces, { floorMb: trendOf(context)?.floorMb, limitMb });
      },
    },
    ...instruments(context),
  };
}

const trendOf = (context: RecorderContext): FloorTrend | undefined =>
  floorTrend(context.vitals.since(5 * MINUTE_MS), context.gc.since(5 * MINUTE_MS));

function pressureOf(context: RecorderContext, heapLimitMb: number | undefined): JsonObject {
  const now = context.vitals.newest(1)[0];
  const trend = trendOf(context);
  const { pauseSharePercent } = gcFigures(context, 10_000);
  const usedPercent =
    now === undefined || heapLimitMb === undefined ? undefined : round((100 * now.heapUsedMb) / heapLimitMb);
  return {
    heapUsedMb: now?.heapUsedMb,
    heapLimitMb,
    usedPercent,
    pauseShare10sPercent: pauseSharePercent,
    floor: { ...trend },
    // A cache at its bound has a floor that moves, too: only a rise that is steady is carried on.
    minutesUntilLimit: forecastFor(context, heapLimitMb)?.minutesUntilLimit,
    level: levelOf(usedPercent ?? 0, pauseSharePercent),
  };
}

function levelOf(usedPercent: number, pauseSharePercent: number): string {
  if (usedPercent >= 95 || pauseSharePercent >= 40) return 'critical';
  if (usedPercent >= 85 || pauseSharePercent >= 20) return 'high';
  return usedPercent >= 70 || pauseSharePercent >= 10 ? 'elevated' : 'low';
}

function instruments(context: RecorderContext): { readonly [name: string]: Callback } {
  return {
    gc_heap_spaces: {
      description: "The spaces of main's heap: name, sizeMb, usedMb, availableMb. Asks main: 1 ms.",
      run: () => context.inspector.evaluate(HEAP_SPACES),
    },
    gc_top_allocators: {
      description:
        'The functions that allocate most in the next seconds: mbPerSecond, sites with mb, share (0 to 1), file, line, callers. Forces one collection (0.5 to 1.5 ms per MB of heap).',
      params: { windowSeconds: v.optional(v.pipe(v.number(), v.minValue(0.5), v.maxValue(8)), 2) },
      timeoutMs: 20_000,
      run: async (seconds: number, { maxPauseMs }: CallContext) => {
        const view = await context.churn(seconds * 1000, maxPauseMs);
        const totalMb = megabytes(view.totalBytes);
        return {
          windowSeconds: seconds,
          totalMb,
          mbPerSecond: round(totalMb / seconds),
          sites: siteFigures(view),
        };
      },
    },
    gc_live_allocations: {
      description:
        'What is alive now, by allocating function: totalMb, sites as above. Forces one collection. Buffers are not seen.',
      timeoutMs: 10_000,
      run: async ({ maxPauseMs }: CallContext) => {
        const view = await context.liveAllocations(maxPauseMs);
        return { sinceMs: view.sinceMs, totalMb: megabytes(view.totalBytes), sites: siteFigures(view) };
      },
    },
  };
}
