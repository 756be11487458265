// How the floor of the heap moves, without the first seconds of the process, what of it is looked into, and whether a
// process that is too young to have a floor may be growing: by the time that its collections have been looked at, it has
// one. Pure but for the reading of the rings.
import type { GcEvent, RecorderContext, VitalsSample } from '@nodelens/core';
import { type FloorTrend, floorTrend, roughTrend } from '../heap-floor.ts';
import { min } from '../statistics.ts';
import { round } from '../wording.ts';

export const FLOOR_WINDOW_MS = 300_000;
/** The first seconds of a process always grow. */
const STARTING_MS = 5_000;
/** A floor takes 8 s; a look at the collections of 3 s takes 4 s in all. */
const YOUNG_MS = 4_000;

/** Until there are readings of so long, a rough trend counts as well. */
const EARLY_MS = 60_000;
/** A look is cheap, so it is taken earlier than the runtime's check reports. */
export const RISEN_MB = 8;
const RISEN_SHARE = 0.12;

/** What is looked into. */
export const isGrowth = ({ risenMb, floorMb, onlyGrows }: Rise): boolean =>
  onlyGrows && isLargeRise(risenMb, floorMb);

export const isLargeRise = (risenMb: number, ofMb: number): boolean =>
  risenMb >= Math.max(RISEN_MB, RISEN_SHARE * ofMb);

type Rise = Pick<FloorTrend, 'risenMb' | 'floorMb' | 'onlyGrows'>;

/** Newest first. */
export function samplesSinceStart({ vitals, startedAtMs }: RecorderContext): readonly VitalsSample[] {
  return vitals.since(FLOOR_WINDOW_MS).filter(({ atMs }) => atMs >= startedAtMs + STARTING_MS);
}

/** Undefined while the process is too young for it. */
export const heapFloor = (context: RecorderContext): FloorTrend | undefined =>
  floorSinceStart(
    samplesSinceStart(context),
    context.gc.since(FLOOR_WINDOW_MS).filter(({ atMs }) => atMs >= context.startedAtMs + STARTING_MS),
  );

/**
 * In the first minute also by the {@link roughTrend}, where only that rises enough.
 *
 * @param samples newest first
 */
export function floorSinceStart(
  samples: readonly VitalsSample[],
  gcEvents: readonly GcEvent[],
): FloorTrend | undefined {
  const trend = floorTrend(samples, gcEvents);
  const rough = spanOf(samples) < EARLY_MS ? roughTrend(samples) : undefined;
  if (trend === undefined || rough === undefined || isGrowth(trend)) return trend;
  return isGrowth(rough) ? rough : trend;
}

/**
 * By how much, in MB, the lowest reading of the newer half lies above that of the older one; both may hold garbage.
 * Undefined for a process so young that it will have no floor soon.
 *
 * @param samples newest first
 */
export function risenWithoutFloor(samples: readonly VitalsSample[]): number | undefined {
  if (spanOf(samples) < YOUNG_MS) return undefined;
  const half = Math.floor(samples.length / 2);
  const lowest = (some: readonly VitalsSample[]): number => min(some.map(({ heapUsedMb }) => heapUsedMb));
  return round(lowest(samples.slice(0, half)) - lowest(samples.slice(half)));
}

const spanOf = (samples: readonly VitalsSample[]): number =>
  (samples[0]?.atMs ?? 0) - (samples.at(-1)?.atMs ?? 0);
