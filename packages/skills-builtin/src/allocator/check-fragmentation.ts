// The check `allocator.heap_fragmented`: V8 holds far more heap than is used, for minutes. The space is named. Pure.
import type { Check, Conclusion, Finding, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { figure, mb } from '../wording.ts';

/** beamlens: a usage below 0.5 is moderate, below 0.3 severe fragmentation. */
const MODERATE_PERCENT = 50;
const SEVERE_PERCENT = 30;
/** The young generation alone keeps up to 48 MB (three semi-spaces of 16 MB) that are mostly empty. */
const UNUSED_MB = 64;
/** V8's memory reducer gives back what a peak has left within a minute. */
const LONG_SECONDS = 180;

export const heapFragmented: Check = {
  id: 'allocator.heap_fragmented',
  when: (snapshot) => {
    const maxPercent = numberOf(snapshot.heapUsageMax5mPercent, 100);
    const unusedMinMb = numberOf(snapshot.heapUnusedMin5mMb);
    const windowSeconds = numberOf(snapshot.heapUsageWindowSeconds);
    if (windowSeconds < LONG_SECONDS || maxPercent >= MODERATE_PERCENT || unusedMinMb < UNUSED_MB)
      return undefined;
    return {
      maxPercent,
      unusedMinMb,
      windowSeconds,
      heapTotalMb: numberOf(snapshot.heapTotalMb),
      heapUsedMb: numberOf(snapshot.heapUsedMb),
    };
  },
  investigate: 'return await allocator_heap_spaces();',
  conclude: (evidence, finding) => conclude(evidence, finding),
};

function conclude(evidence: JsonValue, finding: Finding): Conclusion {
  const [worst] = listOf(objectOf(evidence).spaces).filter(({ name }) => !isYoung(textOf(name)));
  const maxPercent = numberOf(finding.maxPercent);
  return {
    severity: maxPercent < SEVERE_PERCENT ? 'warning' : 'info',
    context: `V8 holds ${mb(numberOf(finding.heapTotalMb))} of heap, of which ${mb(numberOf(finding.heapUsedMb))} are used.`,
    observation: `Within the last ${figure(numberOf(finding.windowSeconds))} s at most ${figure(maxPercent)} % of the heap was used, and never less than ${mb(numberOf(finding.unusedMinMb))} of it were unused${spaceText(worst)}.`,
    hypothesis:
      'Objects that live on are scattered over pages that a peak has filled, or no full collection has come since the peak: V8 gives back whole pages only.',
    subjects: [{ kind: 'process', name: 'heap', value: numberOf(finding.unusedMinMb), unit: 'MB' }],
  };
}

/** Their emptiness is how they work. */
const isYoung = (name: string): boolean => name === 'new_space' || name === 'new_large_object_space';

const spaceText = (space: JsonObject | undefined): string =>
  space === undefined
    ? ''
    : `; ${textOf(space.name)} has the most, with ${mb(numberOf(space.usedMb))} used of ${mb(numberOf(space.sizeMb))}`;
