// How a size grows, told from stored history. Pure. The middle of the first third is compared with that of the last,
// so that a peak at either end does not make a trend.
import { median } from '../statistics.ts';
import { round } from '../wording.ts';

export interface Point {
  /** On any steady clock. */
  readonly atMs: number;
  readonly value: number;
}

const MIN_POINTS = 6;
const MIN_SPAN_MS = 25_000;

/** @param points oldest first; undefined while they are too few or too near to each other */
export function growthPerMinute(points: readonly Point[]): number | undefined {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < MIN_POINTS) return undefined;
  if (last.atMs - first.atMs < MIN_SPAN_MS) return undefined;
  const third = Math.floor(points.length / 3);
  const early = points.slice(0, third);
  const late = points.slice(-third);
  const spanMs = median(late.map(({ atMs }) => atMs)) - median(early.map(({ atMs }) => atMs));
  const grown = median(late.map(({ value }) => value)) - median(early.map(({ value }) => value));
  return round((grown * 60_000) / spanMs, 2);
}

/** Undefined while it does not grow by at least a thousandth of the limit per minute. */
export function minutesUntil(
  limit: number,
  now: { readonly value: number; readonly perMinute: number | undefined },
): number | undefined {
  const { value, perMinute } = now;
  return perMinute === undefined || perMinute < limit / 1_000
    ? undefined
    : round(Math.max(0, limit - value) / perMinute);
}
