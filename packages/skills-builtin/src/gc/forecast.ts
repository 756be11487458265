// When the heap will reach its limit, by the trend of what full collections leave: told only where the growth is
// steady, and never much farther than it has been seen. Pure.
import type { GcEvent, VitalsSample } from '@nodelens/core';
import { type FloorPoint, floorsAfterMajorGc } from '../heap-floor.ts';
import { robustSlope } from '../robust-slope.ts';
import { min } from '../statistics.ts';
import { round } from '../wording.ts';

export interface HeapForecast {
  /** What the last full collection left (or the lowest newest reading), in MB. */
  readonly floorMb: number;
  readonly limitMb: number;
  /** Median of the slopes between all pairs of floors. */
  readonly mbPerMinute: number;
  readonly floors: number;
  readonly windowSeconds: number;
  /** `minima`: lowest readings of parts of the window, where there were too few full collections. */
  readonly basis: 'major-gc' | 'minima';
  /** Nearly all floors lie above the ones before them, and the newest half still rises. */
  readonly isSteady: boolean;
  /** Only where the growth is steady, and for at most five times as long as it was seen. */
  readonly minutesUntilLimit?: number;
}

export interface ForecastInput {
  /** Newest first. */
  readonly samples: readonly VitalsSample[];
  readonly gcEvents: readonly GcEvent[];
  readonly limitMb: number;
}

const READING_MS = 1_000;
const LEAST_FLOORS = 4;
const MAX_FLOORS = 60;
const LEAST_WINDOW_MS = 10_000;
/** Readings hold garbage too, so their minima need more time. */
const MINIMA_WINDOW_MS = 5 * 60_000;
const PARTS = 10;
const STEADY_SHARE = 0.9;
/** A heap that fills to a bound grows ever slower. */
const NEWEST_SHARE = 0.5;
/** So many times the time that it was seen, a trend is carried on. */
const CARRIED = 5;

/** Undefined while there is too little to go by. */
export function heapForecast({ samples, gcEvents, limitMb }: ForecastInput): HeapForecast | undefined {
  const readings = samples.toReversed().map(({ atMs, heapUsedMb }) => ({ atMs, mb: heapUsedMb }));
  const floors = floorsAfterMajorGc(readings, majorsApart(gcEvents));
  if (isEnough(floors, LEAST_WINDOW_MS)) return forecastOf(floors, 'major-gc', limitMb);
  const lowest = minima(readings);
  return isEnough(lowest, MINIMA_WINDOW_MS) ? forecastOf(lowest, 'minima', limitMb) : undefined;
}

/** Evenly spread. A heap that is nearly full collects many times between two readings, which are one floor then. */
function majorsApart(events: readonly GcEvent[]): readonly GcEvent[] {
  const majors = events.filter(({ kind }) => kind === 'major').toSorted((a, b) => b.atMs - a.atMs);
  const apartMs = Math.max(READING_MS, ((majors[0]?.atMs ?? 0) - (majors.at(-1)?.atMs ?? 0)) / MAX_FLOORS);
  const kept: GcEvent[] = [];
  for (const major of majors)
    if ((kept.at(-1)?.atMs ?? Number.POSITIVE_INFINITY) - major.atMs >= apartMs) kept.push(major);
  return kept;
}

const spanOf = (points: readonly FloorPoint[]): number => (points.at(-1)?.atMs ?? 0) - (points[0]?.atMs ?? 0);

const isEnough = (points: readonly FloorPoint[], leastMs: number): boolean =>
  points.length >= LEAST_FLOORS && spanOf(points) >= leastMs;

const slopeOf = (points: readonly FloorPoint[]): { perMinute: number; risingShare: number } =>
  robustSlope(points.map(({ atMs, mb }) => ({ atMs, value: mb }))) ?? { perMinute: 0, risingShare: 0 };

function forecastOf(
  points: readonly FloorPoint[],
  basis: HeapForecast['basis'],
  limitMb: number,
): HeapForecast {
  const { perMinute, risingShare } = slopeOf(points);
  // Three at least, or there is no slope.
  const newest = slopeOf(points.slice(-Math.max(3, Math.ceil(points.length / 2))));
  const floorMb = points.at(-1)?.mb ?? 0;
  const windowMinutes = spanOf(points) / 60_000;
  const minutes = Math.max(0, limitMb - floorMb) / perMinute;
  const isSteady =
    perMinute > 0 && risingShare >= STEADY_SHARE && newest.perMinute >= NEWEST_SHARE * perMinute;
  return {
    floorMb: round(floorMb),
    limitMb,
    mbPerMinute: round(perMinute),
    floors: points.length,
    windowSeconds: Math.round(windowMinutes * 60),
    basis,
    isSteady,
    ...(isSteady && minutes <= CARRIED * windowMinutes && { minutesUntilLimit: round(minutes) }),
  };
}

function minima(readings: readonly FloorPoint[]): readonly FloorPoint[] {
  const firstMs = readings[0]?.atMs ?? 0;
  const width = Math.max(1, spanOf(readings) / PARTS);
  const parts = Map.groupBy(readings, ({ atMs }) =>
    Math.min(PARTS - 1, Math.floor((atMs - firstMs) / width)),
  );
  return [...parts.values()].flatMap((part) => {
    const lowest = min(part.map(({ mb }) => mb));
    return part.filter(({ mb }) => mb === lowest).slice(0, 1);
  });
}
