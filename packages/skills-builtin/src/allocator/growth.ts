// Whether a figure only grows: from the lowest readings of the parts of a window, so that what is allocated and
// dropped in between does not count, and neither does one jump (something loaded once). Pure.
import { min } from '../statistics.ts';
import { round } from '../wording.ts';

export interface Reading {
  readonly atMs: number;
  readonly mb: number;
}

export interface Growth {
  /** Lowest reading of the newest part. */
  readonly floorMb: number;
  /** That, minus the lowest reading of the oldest part. */
  readonly risenMb: number;
  readonly mbPerMinute: number;
  /** Between the middles of the oldest and the newest part. */
  readonly windowSeconds: number;
  /** Every part's floor lies above the one before it, by a quarter of an even share at least. */
  readonly onlyGrows: boolean;
}

const PARTS = 5;
const STEPS = PARTS - 1;
/** Less is no window. */
const MIN_SPAN_MS = 8_000;
const LEAST_STEP_SHARE = 0.25;
const MINUTE_MS = 60_000;
const WINDOWS_MS: readonly number[] = [60 * MINUTE_MS, 15 * MINUTE_MS, 5 * MINUTE_MS, MINUTE_MS];
/** Told when nothing grows. */
const USUAL_MS = 5 * MINUTE_MS;

/** @param readings oldest first; undefined when they cover less than 8 s, or leave a part of it without one */
export function growthOf(readings: readonly Reading[]): Growth | undefined {
  const firstMs = readings[0]?.atMs ?? 0;
  const spanMs = (readings.at(-1)?.atMs ?? 0) - firstMs;
  if (spanMs < MIN_SPAN_MS) return undefined;
  const parts: number[][] = Array.from({ length: PARTS }, () => []);
  for (const { atMs, mb } of readings)
    parts[Math.min(PARTS - 1, Math.floor(((atMs - firstMs) * PARTS) / spanMs))]?.push(mb);
  if (parts.some((part) => part.length === 0)) return undefined;
  const floors = parts.map(min);
  const floorMb = floors.at(-1) ?? 0;
  const risenMb = floorMb - (floors[0] ?? 0);
  const leastStepMb = (LEAST_STEP_SHARE * risenMb) / STEPS;
  const windowMs = (spanMs * STEPS) / PARTS;
  return {
    floorMb: round(floorMb),
    risenMb: round(risenMb),
    mbPerMinute: round((risenMb / windowMs) * MINUTE_MS),
    windowSeconds: Math.round(windowMs / 1000),
    onlyGrows:
      risenMb > 0 && floors.slice(1).every((floor, index) => floor - (floors[index] ?? 0) >= leastStepMb),
  };
}

/** Of the windows of 1, 5, 15 and 60 minutes the one in which it only grew, and most; else of 5 minutes. */
export function strongestGrowth(readings: readonly Reading[], nowMs: number): Growth | undefined {
  const inWindow = (windowMs: number): Growth | undefined =>
    growthOf(readings.filter(({ atMs }) => atMs > nowMs - windowMs));
  return (
    WINDOWS_MS.map(inWindow)
      .filter((growth) => growth?.onlyGrows === true)
      .toSorted((a, b) => (b?.risenMb ?? 0) - (a?.risenMb ?? 0))[0] ?? inWindow(USUAL_MS)
  );
}
