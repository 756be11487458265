// Whether a queue grows, how fast, and when it reaches a limit. Robust: the median of all slopes, so that a single
// peak is no trend, and growth counts as steady only when nearly every later reading is above the earlier one. Pure.
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
/** All pairs of more would be dear. */
const MAX_POINTS = 60;

/** @param points oldest first; undefined when there are too few to tell */
export function trendOf(points: readonly Point[]): Trend | undefined {
  if (points.length < MIN_POINTS) return undefined;
  const seen = thinned(points);
  const slopes: number[] = [];
  let up = 0;
  for (let later = 1; later < seen.length; later += 1)
    for (let earlier = 0; earlier < later; earlier += 1) {
      const [a, b] = [seen[earlier] as Point, seen[later] as Point];
      slopes.push((b.value - a.value) / Math.max(1, b.atMs - a.atMs));
      if (b.value > a.value) up += 1;
    }
  const quarter = Math.max(1, points.length >> 2);
  const upShare = up / slopes.length;
  return {
    perMinute: median(slopes) * 60_000,
    upShare,
    isSteady: upShare >= STEADY_SHARE,
    from: median(points.slice(0, quarter).map(({ value }) => value)),
    to: median(points.slice(-quarter).map(({ value }) => value)),
    windowSeconds: ((points.at(-1) as Point).atMs - (points[0] as Point).atMs) / 1_000,
  };
}

function thinned(points: readonly Point[]): readonly Point[] {
  const step = (points.length - 1) / (MAX_POINTS - 1);
  if (step <= 1) return points;
  return Array.from({ length: MAX_POINTS }, (_, i) => points[Math.round(i * step)] as Point);
}

/** Seconds until the value is reached if it goes on like this; undefined without steady growth or when it is reached. */
export function secondsUntil(trend: Trend | undefined, now: number, limit: number): number | undefined {
  if (trend === undefined || !trend.isSteady || trend.perMinute <= 0 || now >= limit) return undefined;
  return ((limit - now) / trend.perMinute) * 60;
}
