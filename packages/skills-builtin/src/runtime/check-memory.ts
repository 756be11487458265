// The check `runtime.memory_growth`: the floor of the heap rises. It says that memory is held, not by whom: that
// is what the skill collections finds out. Pure.
import type { Check, Conclusion, JsonValue } from '@nodelens/core';
import { numberOf, objectOf } from '../evidence.ts';
import { figure, mb } from '../wording.ts';

/** A warm-up ends below these. */
const RISEN_MB = 24;
const RISEN_SHARE = 0.25;
/** A reading comes up to a second after its collection: what is made in between stands in it too, once or twice by chance. */
const CERTAIN_FLOORS = 3;
const CERTAIN_SECONDS = 10;

export const memoryGrowth: Check = {
  id: 'runtime.memory_growth',
  when: (snapshot) => {
    const risenMb = numberOf(snapshot.heapFloorRisenMb);
    const floorMb = numberOf(snapshot.heapFloorMb);
    if (!isGrowth({ risenMb, floorMb, onlyGrows: snapshot.heapFloorOnlyGrows === true })) return undefined;
    return { risenMb, floorMb, mbPerMinute: numberOf(snapshot.heapFloorMbPerMinute) };
  },
  investigate: 'return await runtime_memory();',
  conclude: (evidence) => conclude(evidence),
  explains: ['gc.near_limit', 'gc.heap_limit_forecast', 'vm-events.heap_near_limit'],
};

const isGrowth = (floor: { risenMb: number; floorMb: number; onlyGrows: boolean }): boolean =>
  floor.onlyGrows && floor.risenMb >= RISEN_MB && floor.risenMb >= RISEN_SHARE * floor.floorMb;

function conclude(evidence: JsonValue): Conclusion | undefined {
  const memory = objectOf(evidence);
  const floor = objectOf(memory.floor5m);
  const risenMb = numberOf(floor.risenMb);
  const floorMb = numberOf(floor.floorMb);
  if (!isGrowth({ risenMb, floorMb, onlyGrows: floor.onlyGrows === true })) return undefined;
  // Lowest readings may hold garbage that no full collection has met yet.
  const isMeasured = floor.basis === 'major-gc';
  const isCertain =
    isMeasured &&
    numberOf(floor.floors) >= CERTAIN_FLOORS &&
    numberOf(floor.windowSeconds) >= CERTAIN_SECONDS;
  return {
    severity: isCertain ? 'warning' : 'info',
    context: `The process holds ${mb(numberOf(memory.rssMb))} of memory, ${mb(numberOf(memory.heapUsedMb))} of it in the JavaScript heap.`,
    observation: `The heap's floor rose by ${mb(risenMb)} to ${mb(floorMb)} within ${figure(numberOf(floor.windowSeconds))} s (${mb(numberOf(floor.mbPerMinute))} per minute) and did not fall ${isMeasured ? 'in any full collection' : 'in between'}.`,
    hypothesis: 'Something keeps a growing number of objects alive.',
    subjects: [{ kind: 'process', name: 'heap', value: floorMb, unit: 'MB' }],
  };
}
