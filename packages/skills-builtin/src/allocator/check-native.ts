// The check `allocator.native_growth`: rss grows by what V8 does not account for, neither as heap nor as external.
// No function can be named: it says what kind of mapping it is in, which is what leads on. Pure.
import type { Check, Conclusion, Finding, JsonObject, JsonValue } from '@nodelens/core';
import { numberOf, objectOf, textOf } from '../evidence.ts';
import { figure, mb } from '../wording.ts';

/** One malloc arena of glibc reserves this (HEAP_MAX_SIZE): less is a thread that came, not a leak. */
const RISEN_MB = 64;
/** As the runtime's check judges the heap. */
const RISEN_SHARE = 0.25;
/** So much of it must be a rise of rss itself: what V8 gives back to malloc is no growth. */
const RESIDENT_SHARE = 0.6;
/** Heap or external that rose by more than this part of it is what the other checks tell. */
const BESIDE_SHARE = 0.5;
/** Growth in the first minute is warm-up. */
const WARM_UP_SECONDS = 45;

export const nativeGrowth: Check = {
  id: 'allocator.native_growth',
  when: (snapshot) => {
    const risenMb = numberOf(snapshot.nativeRisenMb);
    const floorMb = numberOf(snapshot.nativeFloorMb);
    const rssRisenMb = numberOf(snapshot.nativeRssRisenMb);
    const besideMb = Math.max(numberOf(snapshot.nativeHeapRisenMb), numberOf(snapshot.nativeExternalRisenMb));
    if (snapshot.nativeOnlyGrows !== true || risenMb < RISEN_MB || risenMb < RISEN_SHARE * floorMb)
      return undefined;
    if (rssRisenMb < RESIDENT_SHARE * risenMb || besideMb > BESIDE_SHARE * risenMb) return undefined;
    return {
      risenMb,
      floorMb,
      rssRisenMb,
      heapRisenMb: numberOf(snapshot.nativeHeapRisenMb),
      externalRisenMb: numberOf(snapshot.nativeExternalRisenMb),
      mbPerMinute: numberOf(snapshot.nativeMbPerMinute),
      windowSeconds: numberOf(snapshot.nativeWindowSeconds),
      rssMb: numberOf(snapshot.rssMb),
      threads: numberOf(snapshot.threads),
    };
  },
  investigate: 'return await allocator_mappings();',
  conclude: (evidence, finding) => conclude(evidence, finding),
};

const KINDS: { readonly [kind: string]: string } = {
  mallocHeap: "malloc's main heap",
  mallocArenas: "malloc's arenas of other threads",
  threadStacks: 'thread stacks',
  anonymous: 'anonymous mappings (large blocks of malloc, V8)',
  code: 'compiled code',
  files: 'mapped files',
  shared: 'shared memory',
};

function conclude(evidence: JsonValue, finding: Finding): Conclusion {
  const risenMb = numberOf(finding.risenMb);
  return {
    severity: numberOf(finding.windowSeconds) < WARM_UP_SECONDS ? 'info' : 'warning',
    context: `The process holds ${mb(numberOf(finding.rssMb))}, of which ${mb(numberOf(finding.floorMb))} are neither V8's heap nor external memory.`,
    observation: `That part rose by ${mb(risenMb)} within ${figure(numberOf(finding.windowSeconds))} s (${mb(numberOf(finding.mbPerMinute))} per minute) and did not fall in between, while the heap rose by ${mb(numberOf(finding.heapRisenMb))} and external memory by ${mb(numberOf(finding.externalRisenMb))}${whereOf(objectOf(evidence))}; the process has ${figure(numberOf(finding.threads))} threads.`,
    hypothesis:
      'Native code (an addon, or objects of Node such as keys, contexts and handles) allocates and does not free, or worker threads keep memory of their own.',
    subjects: [{ kind: 'process', name: 'native memory', value: numberOf(finding.floorMb), unit: 'MB' }],
  };
}

/** The largest kinds, by resident memory. */
function whereOf({ kinds }: JsonObject): string {
  const parts = Object.entries(objectOf(kinds))
    .map(([kind, figures]) => ({ kind, rssMb: numberOf(objectOf(figures).rssMb) }))
    .filter(({ kind, rssMb }) => textOf(KINDS[kind]) !== '' && rssMb >= 1)
    .toSorted((a, b) => b.rssMb - a.rssMb)
    .slice(0, 3)
    .map(({ kind, rssMb }) => `${KINDS[kind]} hold ${mb(rssMb)}`);
  return parts.length === 0 ? '' : `; ${parts.join(', ')}`;
}
