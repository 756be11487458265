// How the floor of the heap moves, without the first seconds of the process, and whether a process that is too young to
// have a floor may be growing: by the time that its collections have been looked at, it has one.
import type { RecorderContext, VitalsSample } from '@nodelens/core';
import { type FloorTrend, floorTrend } from '../heap-floor.ts';
import { min } from '../statistics.ts';
import { round } from '../wording.ts';

export const FLOOR_WINDOW_MS = 300_000;
/** The first seconds of a process always grow. */
const STARTING_MS = 5_000;
/** A floor takes 8 s; a look at the collections of 3 s takes 4 s in all. */
const YOUNG_MS = 4_000;

/** Newest first. */
export function samplesSinceStart({ vitals, startedAtMs }: RecorderContext): readonly VitalsSample[] {
  return vitals.since(FLOOR_WINDOW_MS).filter(({ atMs }) => atMs >= startedAtMs + STARTING_MS);
}

/** Undefined while the process is too young for it. */
export const heapFloor = (context: RecorderContext): FloorTrend | undefined =>
  floorTrend(
    samplesSinceStart(context),
    context.gc.since(FLOOR_WINDOW_MS).filter(({ atMs }) => atMs >= context.startedAtMs + STARTING_MS),
  );

/**
 * By how much, in MB, the lowest reading of the newer half lies above that of the older one; both may hold garbage.
 * Undefined for a process so young that it will have no floor soon.
 *
 * @param samples newest first
 */
export function risenWithoutFloor(samples: readonly VitalsSample[]): number | undefined {
  const spanMs = (samples[0]?.atMs ?? 0) - (samples.at(-1)?.atMs ?? 0);
  if (spanMs < YOUNG_MS) return undefined;
  const half = Math.floor(samples.length / 2);
  const lowest = (some: readonly VitalsSample[]): number => min(some.map(({ heapUsedMb }) => heapUsedMb));
  return round(lowest(samples.slice(0, half)) - lowest(samples.slice(half)));
}
