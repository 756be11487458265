// The flight recorder in figures: how many of each type in 1, 5 and 15 minutes, and how they lie in time. Pure.
import type { JsonObject, VitalsSample } from '@nodelens/core';
import { max, mean } from '../statistics.ts';
import { round } from '../wording.ts';
import { EVENT_TYPES, type VmEvent, type VmEventType } from './event.ts';

const MINUTE_MS = 60_000;
const BUCKETS = 20;

export const countOf = (events: readonly VmEvent[], type: VmEventType, sinceMs: number): number =>
  events.filter((event) => event.type === type && event.atMs >= sinceMs).length;

/** Counted by their beginnings. A rate is of the time that was recorded, where that is shorter than its window. */
export function countsOf(
  events: readonly VmEvent[],
  nowMs: number,
  recordedMs: number,
): readonly JsonObject[] {
  return EVENT_TYPES.map((type) => {
    const within = (minutes: number): number => countOf(events, type, nowMs - minutes * MINUTE_MS);
    const perMinute = (minutes: number): number =>
      round(within(minutes) / Math.max(1 / 60, Math.min(minutes, recordedMs / MINUTE_MS)), 2);
    const newest = events.find((event) => event.type === type);
    return {
      type,
      last1m: within(1),
      last5m: within(5),
      last15m: within(15),
      perMinute5m: perMinute(5),
      perMinute15m: perMinute(15),
      newestAgoMs: newest === undefined ? null : nowMs - newest.atMs,
    };
  });
}

export interface TimelineParts {
  readonly events: readonly VmEvent[];
  readonly samples: readonly VitalsSample[];
  readonly nowMs: number;
  readonly windowMs: number;
}

/** Newest first; `counts` has only what there was. An event is in the bucket of its beginning. */
export function timelineOf({ events, samples, nowMs, windowMs }: TimelineParts): readonly JsonObject[] {
  const widthMs = Math.max(1_000, windowMs / BUCKETS);
  return Array.from({ length: Math.ceil(windowMs / widthMs) }, (_, index) => {
    const toMs = nowMs - index * widthMs;
    const isIn = ({ atMs }: { readonly atMs: number }): boolean => atMs <= toMs && atMs > toMs - widthMs;
    const inside = events.filter(isIn);
    const seen = samples.filter(isIn);
    return {
      fromMs: Math.round(toMs - widthMs),
      seconds: round(widthMs / 1_000),
      counts: Object.fromEntries(
        [...Map.groupBy(inside, ({ type }) => type)].map(([type, some]) => [type, some.length]),
      ),
      longestPauseMs: max(
        inside.filter(({ type }) => type === 'stall' || type === 'long-gc').map((e) => e.durationMs ?? 0),
      ),
      ...(seen.length > 0 && {
        utilizationMean: round(mean(seen.map((s) => s.eventLoopUtilization)), 2),
        heapUsedMaxMb: round(max(seen.map((s) => s.heapUsedMb))),
        rssMaxMb: round(max(seen.map((s) => s.rssMb))),
      }),
    };
  });
}
