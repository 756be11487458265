// Whether a collection that grows is what memory is lost to, or furniture: by its size and its part of the growth, and
// by what the code removes from it. Pure.
import type { JsonObject } from '@nodelens/core';
import { listOf, numberOf } from '../evidence.ts';

export interface Growth {
  /** Of the heap, and of what lies outside of it where that has risen. */
  readonly heapMb: number;
  /** Of the heap's floor; 0 where it is unknown. */
  readonly mbPerMinute: number;
}

/** A collection below all of these explains no growth of a heap. */
const MIN_ENTRIES = 500;
const MIN_MB_PER_MINUTE = 1;
/** One that something empties counts only when it is this share of the heap, or of its growth. */
const EMPTIED_SHARE = 0.4;

export function isLeak(candidate: JsonObject, { heapMb, mbPerMinute }: Growth): boolean {
  if (candidate.onlyGrows !== true) return false;
  const perMinute = numberOf(candidate.estimatedMbPerMinute);
  const isLarge = numberOf(candidate.entries) >= MIN_ENTRIES || perMinute >= MIN_MB_PER_MINUTE;
  if (!isLarge || listOf(candidate.emptiedBy).length === 0) return isLarge;
  if (numberOf(candidate.estimatedMb) >= EMPTIED_SHARE * heapMb) return true;
  // What is held to a size fills below it.
  const isBounded = listOf(candidate.boundedBy).length > 0;
  return !isBounded && perMinute >= Math.max(MIN_MB_PER_MINUTE, EMPTIED_SHARE * mbPerMinute);
}
