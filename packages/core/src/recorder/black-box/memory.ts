// What the last vitals of a life say of its memory: whether it was used up, by which rule, and what grew. Pure.

import type { VitalsSample } from '../context.ts';
import type { LifeRecord, MemoryPressure } from './record.ts';

/** From here on V8 collects without an end; with collections to show for it, it is the cause. */
const NEAR_LIMIT = 0.85;
/** No process lives here for long, whatever is known of its collections. */
const AT_LIMIT = 0.97;
/** The last second of a process is not in its vitals: what grows this fast was there by then, in seconds. */
const AHEAD_S = 2;
const SLOPE_MS = 10_000;
/** Full collections in 10 s, or their share of that time, that a heap with room does not have. */
const MANY_FULL = 3;
const MUCH_FULL_MS = 1_000;
/** Two full collections a second are V8's last resort, and a small heap ends in them below the rules above. */
const THRASHING_FULL = 20;
const THRASHING_SHARE = 0.6;
/** Nothing is left, for the kernel kills before the last page. */
const LEFT_MB = 16;
const LEFT_SHARE = 0.03;
/** With so much of it left, whom the kernel killed on the machine was somebody else. */
const TIGHT_SHARE = 0.2;

/** A heap that V8 could not collect below its limit. */
export function wasHeapFull(record: LifeRecord): boolean {
  const limitMb = record.words.heapLimitMb;
  if (limitMb === undefined) return false;
  const share = lastHeapMb(record) / limitMb;
  const { full, fullMs } = record.words.collections;
  const isCollecting =
    full >= MANY_FULL || fullMs >= MUCH_FULL_MS || record.words.stall?.kind === 'garbage-collection';
  const { heapUsedMb, heapGrowthMb = 0 } = record.words;
  const slope = heapUsedMb === undefined ? heapSlope(record.vitals) : heapGrowthMb;
  const projected = (lastHeapMb(record) + slope * AHEAD_S) / limitMb;
  // A main that is stuck tells of no collections.
  if (heapUsedMb !== undefined) return projected >= AT_LIMIT;
  if (full >= THRASHING_FULL && share >= THRASHING_SHARE) return true;
  return share >= AT_LIMIT || ((share >= NEAR_LIMIT || projected >= AT_LIMIT) && isCollecting);
}

/** As main told it while it was blocked, else as of its last turn. */
export const lastHeapMb = ({ words, vitals }: LifeRecord): number =>
  Math.max(words.heapUsedMb ?? 0, vitals[0]?.heapUsedMb ?? 0);

/** MB per second over the last seconds. */
function heapSlope(vitals: readonly VitalsSample[]): number {
  const [last] = vitals;
  const first = vitals.findLast(({ atMs }) => last !== undefined && last.atMs - atMs <= SLOPE_MS);
  if (last === undefined || first === undefined || last.atMs <= first.atMs) return 0;
  return Math.max(0, ((last.heapUsedMb - first.heapUsedMb) / (last.atMs - first.atMs)) * 1_000);
}

export type MemoryEnd =
  /** The kernel's own count tells. */
  | 'counted'
  /** Next to nothing was left. */
  | 'used-up';

/** @param now of this start; another control group or boot counts anew, and tells nothing */
export function wasMemoryUsedUp(
  { words, vitals }: LifeRecord,
  now: { readonly pressure: MemoryPressure; readonly isSameBoot: boolean },
): MemoryEnd | undefined {
  const { leftMb, group, groupKills, machineKills } = words.pressure;
  const total = (vitals[0]?.rssMb ?? 0) + (leftMb ?? Number.POSITIVE_INFINITY);
  const leftShare = leftMb === undefined ? 1 : leftMb / total;
  const rose = (before: number | undefined, after: number | undefined): boolean =>
    now.isSameBoot && before !== undefined && after !== undefined && after > before;
  if (group === now.pressure.group && rose(groupKills, now.pressure.groupKills)) return 'counted';
  if (leftShare <= TIGHT_SHARE && rose(machineKills, now.pressure.machineKills)) return 'counted';
  return (leftMb !== undefined && leftMb <= LEFT_MB) || leftShare <= LEFT_SHARE ? 'used-up' : undefined;
}

export interface Growth {
  readonly part: 'heap' | 'external memory' | 'native memory';
  readonly fromMb: number;
  readonly toMb: number;
  readonly overMs: number;
}

/** What grew most over the vitals, of all or of one part; undefined where nothing did. */
export function growthOf(record: LifeRecord, only?: Growth['part']): Growth | undefined {
  const last = record.vitals[0];
  const first = record.vitals.at(-1);
  if (last === undefined || first === undefined) return undefined;
  const parts = [
    ['heap', first.heapUsedMb, lastHeapMb(record)],
    ['external memory', first.externalMb, last.externalMb],
    // The heap of a main that is stuck stands still in the vitals, while it grows.
    ['native memory', nativeMb(first), nativeMb(last, lastHeapMb(record))],
  ] as const;
  const asked = parts.filter(([part]) => only === undefined || part === only);
  const [part, fromMb, toMb] = asked.sort((a, b) => b[2] - b[1] - (a[2] - a[1]))[0] ?? parts[0];
  if (toMb - fromMb < 1) return undefined;
  return { part, fromMb: Math.round(fromMb), toMb: Math.round(toMb), overMs: record.seenAtMs - first.atMs };
}

const nativeMb = ({ rssMb, heapTotalMb, externalMb }: VitalsSample, heapUsedMb: number = 0): number =>
  Math.max(0, rssMb - Math.max(heapTotalMb, heapUsedMb) - externalMb);
