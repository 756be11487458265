// What is usual among some numbers: middle and spread, told in the robust way and in the plain one.

/** Of a sorted copy of the values; all in the metric's unit. */
export interface Statistics {
  readonly count: number;
  readonly median: number;
  /** Median absolute deviation, of the values below the median and of those above it: most metrics are skewed. */
  readonly madBelow: number;
  readonly madAbove: number;
  readonly mean: number;
  /** Population standard deviation. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
  readonly areWhole: boolean;
}

/** @param values at least one. */
export function statisticsOf(values: readonly number[]): Statistics {
  const sorted = Float64Array.from(values).sort();
  const median = quantile(sorted, 0.5);
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length;
  return {
    count: sorted.length,
    median,
    // The median of the distances on one side is the distance of that side's median.
    madBelow: median - quantile(sorted, 0.25),
    madAbove: quantile(sorted, 0.75) - median,
    mean,
    sd: Math.sqrt(variance),
    min: sorted[0] ?? 0,
    max: sorted.at(-1) ?? 0,
    areWhole: values.every(Number.isInteger),
  };
}

/** Linear interpolation between the two nearest. */
export function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}
