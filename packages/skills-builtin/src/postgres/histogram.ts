// Durations in few numbers: buckets that each reach a quarter further than the one before. Pure.
import { sum } from '../statistics.ts';

const FIRST_MS = 0.1;
const GROWTH = 1.25;
const LAST = 80;
const LOG_GROWTH = Math.log(GROWTH);

/** How many fell into which bucket. */
export type Histogram = Map<number, number>;

export const bucketOf = (ms: number): number =>
  ms <= FIRST_MS ? 0 : Math.min(LAST, 1 + Math.floor(Math.log(ms / FIRST_MS) / LOG_GROWTH));

export function count(histogram: Histogram, bucket: number, by = 1): void {
  histogram.set(bucket, (histogram.get(bucket) ?? 0) + by);
}

/** In ms, exact to an eighth; 0 of nothing. */
export function quantile(histogram: Histogram, share: number): number {
  let left = share * sum([...histogram.values()]);
  for (const [bucket, many] of [...histogram].sort(([a], [b]) => a - b)) {
    left -= many;
    if (left <= 0) return FIRST_MS * GROWTH ** (bucket - 0.5);
  }
  return 0;
}
