// How the heap's floor moves: what is left after collections, from the rings alone, so main pays nothing for it.
// The heap between two collections says nothing of a leak; only the floor does. Pure.
import type { GcEvent, VitalsSample } from '@nodelens/core';
import { min } from './statistics.ts';
import { round } from './wording.ts';

export interface FloorTrend {
  /** The newest floor. */
  readonly floorMb: number;
  /** Newest floor minus the oldest one. */
  readonly risenMb: number;
  readonly mbPerMinute: number;
  readonly windowSeconds: number;
  /** How many floors were seen, the oldest and the newest included. */
  readonly floors: number;
  /** No floor in between lies below the one before it (by more than a twentieth). */
  readonly onlyGrows: boolean;
  /** `major-gc`: after full collections; `minima`: lowest readings, which may still hold garbage. */
  readonly basis: 'major-gc' | 'minima';
}

/** A reading this long after a full collection still shows what was left, in ms. */
const AFTER_GC_MS = 2_500;
const BUCKETS = 4;
const MIN_WINDOW_MS = 8_000;

export interface FloorPoint {
  readonly atMs: number;
  readonly mb: number;
}

/** @param samples of the window, newest first; undefined when they cover less than 8 s. */
export function floorTrend(
  samples: readonly VitalsSample[],
  gcEvents: readonly GcEvent[],
): FloorTrend | undefined {
  const readings = [...samples].reverse().map(({ atMs, heapUsedMb }) => ({ atMs, mb: heapUsedMb }));
  const afterGc = floorsAfterMajorGc(readings, gcEvents);
  return trendOf(afterGc, 'major-gc') ?? trendOf(minima(readings), 'minima');
}

/** What each full collection has left, oldest first; `readings` too. */
export function floorsAfterMajorGc(
  readings: readonly FloorPoint[],
  gcEvents: readonly GcEvent[],
): readonly FloorPoint[] {
  const majors = gcEvents.filter(({ kind }) => kind === 'major').map(({ atMs }) => atMs);
  const points: FloorPoint[] = [];
  for (const gcAtMs of majors.sort((a, b) => a - b)) {
    const after = readings.filter(({ atMs }) => atMs >= gcAtMs && atMs <= gcAtMs + AFTER_GC_MS);
    if (after.length > 0) points.push({ atMs: gcAtMs, mb: min(after.map(({ mb }) => mb)) });
  }
  return points;
}

function minima(readings: readonly FloorPoint[]): readonly FloorPoint[] {
  const first = readings[0]?.atMs ?? 0;
  const width = ((readings.at(-1)?.atMs ?? 0) - first) / BUCKETS;
  if (width * BUCKETS < MIN_WINDOW_MS) return [];
  const buckets: FloorPoint[][] = Array.from({ length: BUCKETS }, () => []);
  for (const reading of readings)
    buckets[Math.min(BUCKETS - 1, Math.floor((reading.atMs - first) / width))]?.push(reading);
  return buckets.flatMap((bucket) => {
    const lowest = bucket.toSorted((one, other) => one.mb - other.mb)[0];
    return lowest === undefined ? [] : [lowest];
  });
}

function trendOf(points: readonly FloorPoint[], basis: FloorTrend['basis']): FloorTrend | undefined {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const spanMs = last.atMs - first.atMs;
  if (points.length < 2 || spanMs < MIN_WINDOW_MS / 2) return undefined;
  const risenMb = last.mb - first.mb;
  return {
    floorMb: round(last.mb),
    risenMb: round(risenMb),
    mbPerMinute: round((risenMb / spanMs) * 60_000),
    windowSeconds: round(spanMs / 1000),
    floors: points.length,
    onlyGrows: points.every(
      ({ mb }, index) => index === 0 || mb >= (points[index - 1] as FloorPoint).mb * 0.95,
    ),
    basis,
  };
}
