// Whether a queue grows, how fast, and when it reaches a limit. Robust: the median of all slopes, so that a single
// peak is no trend, and growth counts as steady only when nearly every later reading is above the earlier one. Pure.
import { robustSlope } from '../robust-slope.ts';
import { median } from '../statistics.ts';

export interface Point {
  readonly atMs: number;
  readonly value: number;
}

export interface Trend {
  readonly perMinute: number;
  /** Share of the pairs of readings in which the later one is higher, 0 to 1; one half and less of noise. */
  readonly upShare: number;
  readonly isSteady: boolean;
  /** Medians of the first and the last quarter. */
  readonly from: number;
  readonly to: number;
  readonly windowSeconds: number;
}

/** So many pairs must rise: 0.9 is a Kendall's tau of 0.8. A queue that fills and drains stays near one half. */
const STEADY_SHARE = 0.9;
const MIN_POINTS = 8;

/** @param points oldest first; undefined when there are too few to tell */
export function trendOf(points: readonly Point[]): Trend | undefined {
  if (points.length < MIN_POINTS) return undefined;
  const slope = robustSlope(points);
  if (slope === undefined) return undefined;
  const quarter = Math.max(1, points.length >> 2);
  return {
    perMinute: slope.perMinute,
    upShare: slope.risingShare,
    isSteady: slope.risingShare >= STEADY_SHARE,
    from: median(points.slice(0, quarter).map(({ value }) => value)),
    to: median(points.slice(-quarter).map(({ value }) => value)),
    windowSeconds: ((points.at(-1) as Point).atMs - (points[0] as Point).atMs) / 1_000,
  };
}

/** Seconds until the value is reached if it goes on like this; undefined without steady growth or when it is reached. */
export function secondsUntil(trend: Trend | undefined, now: number, limit: number): number | undefined {
  if (trend === undefined || !trend.isSteady || trend.perMinute <= 0 || now >= limit) return undefined;
  return ((limit - now) / trend.perMinute) * 60;
}
