// Which of the growing collections are leaks: those that never shrank while they were watched, best seen across full
// collections of the heap, and how long the heap has room for them. Pure.
import type { JsonObject } from '@nodelens/core';
import { round } from '../wording.ts';
import type { GrowthFigures } from './growth-history.ts';
import type { CollectionFigures } from './survey.ts';

export interface HeapRoom {
  /** What is left of the heap after collections, in MB. */
  readonly floorMb: number | undefined;
  readonly limitMb: number | undefined;
}

const LEAST_POLLS = 4;
/** Their bytes lie outside of the heap. */
const OUTSIDE = /^(?:ArrayBuffer|SharedArrayBuffer|Buffer|(?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array)$/;

/** Likeliest first: confirmed across a full collection, nothing empties it, then the weight that it gains. */
export function likelyLeaks(
  collections: readonly CollectionFigures[],
  figuresOf: (id: string) => GrowthFigures | undefined,
  room: HeapRoom,
): readonly JsonObject[] {
  return collections
    .flatMap((one) => {
      const seen = figuresOf(one.id);
      if (!one.onlyGrows || seen?.onlyGrows === false) return [];
      return [{ one, seen, isConfirmed: isConfirmed(seen) }];
    })
    .toSorted((a, b) => Number(b.isConfirmed) - Number(a.isConfirmed) || byLikelihood(a.one, b.one))
    .map(({ one, seen, isConfirmed: confirmed }) => ({
      ...one,
      confirmed,
      polls: seen?.polls,
      watchedSeconds: seen?.watchedSeconds,
      majorGcs: seen?.majorGcs,
      minutesUntilHeapLimit: minutesUntilLimit(one, room),
    }));
}

const isConfirmed = (seen: GrowthFigures | undefined): boolean =>
  seen !== undefined && seen.polls >= LEAST_POLLS && seen.majorGcs > 0;

function byLikelihood(a: CollectionFigures, b: CollectionFigures): number {
  const kept = Number(b.emptiedBy.length === 0) - Number(a.emptiedBy.length === 0);
  if (kept !== 0) return kept;
  return b.estimatedMbPerMinute - a.estimatedMbPerMinute || b.entriesPerMinute - a.entriesPerMinute;
}

/** If it were all that grows. */
function minutesUntilLimit(
  { kind, estimatedMbPerMinute }: CollectionFigures,
  { floorMb, limitMb }: HeapRoom,
): number | undefined {
  if (floorMb === undefined || limitMb === undefined || estimatedMbPerMinute <= 0 || OUTSIDE.test(kind))
    return undefined;
  return round(Math.max(0, limitMb - floorMb) / estimatedMbPerMinute);
}
