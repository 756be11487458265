// Main's CPU of the last 10 s against what is usual for it. Pure.
import type { VitalsSample } from '@nodelens/core';
import { mean, median } from '../statistics.ts';
import { round } from '../wording.ts';

const RECENT_MS = 10_000;
export const BASELINE_MS = 600_000;
/** Of less nothing is usual yet, in samples of a second. */
const BASELINE_SAMPLES = 60;
/** A process that does next to nothing would burst with every request. */
const LOWEST_PERCENT = 1;
/** Makes the median of the distances comparable with a standard deviation. */
const NORMAL = 1.4826;

export interface CpuBaseline {
  /** Median of the seconds before the last 10, of 10 minutes at most; percent of one core. */
  readonly baselinePercent: number;
  /** How often the baseline (at least 1 %) goes into the last 10 s. */
  readonly factor: number;
  /** How many robust standard deviations above the baseline; a deviation counts as at least 1 %. */
  readonly deviations: number;
}

/** @param samples newest first; undefined with less than a minute to compare with */
export function cpuBaseline(samples: readonly VitalsSample[], nowMs: number): CpuBaseline | undefined {
  const percentOf = (some: readonly VitalsSample[]): number[] => some.map((one) => one.mainCpuPercent);
  const isRecent = ({ atMs }: VitalsSample): boolean => atMs > nowMs - RECENT_MS;
  const recent = percentOf(samples.filter(isRecent));
  const before = percentOf(samples.filter((one) => !isRecent(one)));
  if (recent.length === 0 || before.length < BASELINE_SAMPLES) return undefined;
  const usual = median(before);
  const deviation = NORMAL * median(before.map((percent) => Math.abs(percent - usual)));
  const now = mean(recent);
  return {
    baselinePercent: round(usual),
    factor: round(now / Math.max(LOWEST_PERCENT, usual)),
    deviations: round((now - usual) / Math.max(LOWEST_PERCENT, deviation)),
  };
}
