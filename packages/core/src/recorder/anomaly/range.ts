// The range in which a metric has stayed: the highest and the lowest level that it held for some samples in a row, so
// that a single spike does not make all below it normal. Extremes of long ago fade.

export interface Range {
  readonly low: number;
  readonly high: number;
}

export interface Levels {
  /** The newest values; so many make a level. */
  readonly held: readonly number[];
  readonly middle: number;
  /** Of its distance from the middle, what an extreme loses with each value. */
  readonly fading: number;
  /** Of its width, what it may grow with each value: what creeps away must not take the range along. */
  readonly growth: number;
}

export function widen(range: Range | undefined, { held, middle, fading, growth }: Levels): Range {
  const highest = Math.min(...held);
  const lowest = Math.max(...held);
  if (range === undefined) return { low: highest, high: lowest };
  const { low, high } = range;
  const step = growth === Number.POSITIVE_INFINITY ? growth : (high - low) * growth;
  return {
    low: lowest < low ? Math.max(lowest, low - step) : low + Math.max(0, middle - low) * fading,
    high: highest > high ? Math.min(highest, high + step) : high - Math.max(0, high - middle) * fading,
  };
}
