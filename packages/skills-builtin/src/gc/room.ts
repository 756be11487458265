// Whether the heap's limit leaves room for the young generation. After a full collection V8 lets the old generation grow
// half of the way to its limit at most (MemoryController::BoundAllocationLimit), and marks anew as soon as what is left of
// that is no more than the young generation may hold (Heap::IncrementalMarkingLimitReached). Where it never is more, full
// collections follow each other without an end, however little is alive and whatever the code does. Pure.
import type { JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, textOf } from '../evidence.ts';
import { round } from '../wording.ts';

/** Neither grows against the limit of the old generation. */
const NOT_OLD = /^(?:new_|read_only_|shared_)/;

/**
 * @param spaces as `gc_heap_spaces` tells them
 * @param floorMb what collections leave, where that is known
 * @param limitMb where only the limit of the whole heap is known, the room comes out larger than it is
 */
export function roomOf(
  spaces: JsonValue,
  { floorMb, limitMb }: { readonly floorMb: number | undefined; readonly limitMb: number | undefined },
): JsonObject {
  const young = listOf(spaces).find(({ name }) => name === 'new_space');
  if (young === undefined || limitMb === undefined) return { known: false };
  const old = listOf(spaces).filter(({ name }) => !NOT_OLD.test(textOf(name)));
  // Each may hold garbage, so the lower one is nearer to what is alive.
  const usedMb = old.reduce((sum, space) => sum + numberOf(space.usedMb), 0);
  const liveMb = Math.min(usedMb, floorMb ?? usedMb);
  const youngMb = numberOf(young.usedMb) + numberOf(young.availableMb);
  const roomMb = Math.max(0, limitMb - liveMb) / 2;
  return {
    known: true,
    limitMb,
    liveMb: round(liveMb),
    roomMb: round(roomMb),
    youngMb: round(youngMb),
    isTooSmall: roomMb <= youngMb,
  };
}
