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
/** So old may be what a reading tells of main's memory, in ms: main publishes it once a second. */
const PUBLISHED_MS = 1_000;
const BUCKETS = 4;
const ROUGH_BUCKETS = 3;
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
  const readings = readingsOf(samples);
  const afterGc = floorsAfterMajorGc(readings, gcEvents);
  return trendOf(afterGc, 'major-gc') ?? trendOf(minima(readings, BUCKETS), 'minima');
}

/**
 * From the lowest reading of the first third to that of the last, for a window that is too short for several full
 * collections: two of them say nothing of the seconds since. What lies in between is left out, because the lowest of a
 * few readings may hold much garbage, so a lower one after it proves no fall.
 *
 * @param samples of the window, newest first; undefined when they cover less than 8 s.
 */
export function roughTrend(samples: readonly VitalsSample[]): FloorTrend | undefined {
  const lowest = minima(readingsOf(samples), ROUGH_BUCKETS);
  return trendOf([...lowest.slice(0, 1), ...lowest.slice(-1)], 'minima');
}

const readingsOf = (samples: readonly VitalsSample[]): readonly FloorPoint[] =>
  samples.toReversed().map(({ atMs, heapUsedMb }) => ({ atMs, mb: heapUsedMb }));

/** What each full collection has left, oldest first; `readings` too. One that no reading shows yet is left out. */
export function floorsAfterMajorGc(
  readings: readonly FloorPoint[],
  gcEvents: readonly GcEvent[],
): readonly FloorPoint[] {
  const majors = gcEvents.filter(({ kind }) => kind === 'major').map(({ atMs }) => atMs);
  const points: FloorPoint[] = [];
  for (const gcAtMs of majors.sort((a, b) => a - b)) {
    const after = readings.filter(({ atMs }) => atMs >= gcAtMs && atMs <= gcAtMs + AFTER_GC_MS);
    if (after.some(({ atMs }) => atMs >= gcAtMs + PUBLISHED_MS))
      points.push({ atMs: gcAtMs, mb: min(after.map(({ mb }) => mb)) });
  }
  return points;
}

function minima(readings: readonly FloorPoint[], parts: number): readonly FloorPoint[] {
  const first = readings[0]?.atMs ?? 0;
  const width = ((readings.at(-1)?.atMs ?? 0) - first) / parts;
  if (width * parts < MIN_WINDOW_MS) return [];
  const buckets: FloorPoint[][] = Array.from({ length: parts }, () => []);
  for (const reading of readings)
    buckets[Math.min(parts - 1, Math.floor((reading.atMs - first) / width))]?.push(reading);
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
