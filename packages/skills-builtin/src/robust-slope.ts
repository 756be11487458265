// How fast a series moves, whatever single readings do: the median of the slopes of all pairs (Theil and Sen). Pure.
import { median } from './statistics.ts';

/** A reading, and when it was taken. */
export interface TimedValue {
  readonly atMs: number;
  readonly value: number;
}

export interface RobustSlope {
  readonly perMinute: number;
  /** Share of the pairs that rise, 0 to 1: near 1 for steady growth, about one half for a saw. */
  readonly risingShare: number;
}

const MINUTE_MS = 60_000;
/** 1,770 pairs; of a longer series evenly spread readings are taken. */
const MAX_POINTS = 60;

/** In any order; undefined for fewer than three readings of different times. */
export function robustSlope(series: readonly TimedValue[]): RobustSlope | undefined {
  const points = thinned(series.toSorted((a, b) => a.atMs - b.atMs));
  const slopes = points.flatMap((later, index) =>
    points
      .slice(0, index)
      .filter(({ atMs }) => atMs < later.atMs)
      .map((earlier) => ((later.value - earlier.value) / (later.atMs - earlier.atMs)) * MINUTE_MS),
  );
  if (slopes.length < 3) return undefined;
  return {
    perMinute: median(slopes),
    risingShare: slopes.filter((slope) => slope > 0).length / slopes.length,
  };
}

function thinned(points: readonly TimedValue[]): readonly TimedValue[] {
  if (points.length <= MAX_POINTS) return points;
  const step = (points.length - 1) / (MAX_POINTS - 1);
  return Array.from({ length: MAX_POINTS }, (_, at) => points[Math.round(at * step)] as TimedValue);
}
