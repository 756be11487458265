// The check `collections.fills_heap`: the heap is nearly full, and one collection is most of it, whether it grows or has
// a bound that is too large for this heap. Pure.
import type { Check, Conclusion, Finding, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf, textOf } from '../evidence.ts';
import { figure, functionSubject, mb, percent, place } from '../wording.ts';
import { collectionSubject } from './subject.ts';

/** From here on full collections follow each other. */
const NEAR_PERCENT = 85;
/** Of the heap's limit: less may well have other company. */
const FILLS_SHARE = 0.5;

export const fillsHeap: Check = {
  id: 'collections.fills_heap',
  when: (snapshot) => {
    const usedPercent = numberOf(snapshot.heapUsedPercent);
    if (usedPercent < NEAR_PERCENT) return undefined;
    return {
      usedPercent,
      heapUsedMb: numberOf(snapshot.heapUsedMb),
      heapLimitMb: numberOf(snapshot.heapLimitMb),
    };
  },
  investigate:
    'const { collections } = await collections_top(40);\nreturn { collections: collections.sort((a, b) => b.estimatedMb - a.estimatedMb).slice(0, 3) };',
  conclude: (evidence, finding) => conclude(evidence, finding),
  explains: ['gc.near_limit', 'gc.churn', 'gc.long_pause', 'gc.heap_limit_forecast', 'runtime.cpu_hot'],
};

function conclude(evidence: JsonValue, finding: Finding): Conclusion | undefined {
  const limitMb = numberOf(finding.heapLimitMb);
  const [largest] = listOf(objectOf(evidence).collections);
  const largestMb = numberOf(largest?.estimatedMb);
  if (largest === undefined || limitMb <= 0 || largestMb < FILLS_SHARE * limitMb) return undefined;
  const name = textOf(largest.name);
  const filler = placeOf(listOf(largest.filledBy)[0]);
  const file = textOf(largest.file);
  return {
    severity: 'warning',
    context: `The JavaScript heap holds ${mb(numberOf(finding.heapUsedMb))} of at most ${mb(limitMb)}.`,
    observation: `The ${textOf(largest.kind)} ${name}${file === '' ? '' : ` (${file}:${numberOf(largest.line)})`} holds ${figure(numberOf(largest.entries))} entries, about ${mb(largestMb)}, ${percent(largestMb / limitMb)} of what the heap may hold${filler === undefined ? '' : `; ${place(filler)} adds to it`}.`,
    hypothesis: `${name} fills the heap, so collections come often and have little to free: it is too large for this heap.`,
    subjects: [
      collectionSubject(largest, largestMb, 'MB'),
      ...(filler === undefined ? [] : [functionSubject(filler, largestMb, 'MB')]),
    ],
  };
}
