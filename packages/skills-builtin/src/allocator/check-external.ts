// The check `allocator.external_growth`: Buffers and other memory that hangs on JavaScript objects, but lies outside
// of V8's heap, only grows, and a full collection frees none of it. The function that makes the Buffers is named;
// the variable that holds them is found by the skill collections. Pure.
import type { Check, Conclusion, Finding, JsonObject, JsonValue, Severity } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf, textOf } from '../evidence.ts';
import { figure, functionSubject, mb, place } from '../wording.ts';

/** A look forces one collection, so it is taken early. */
const LOOK_MB = 32;
/** V8 collects the whole heap at the latest when external memory has grown by this (kExternalAllocationSoftLimit). */
const UNCOLLECTED_MB = 64;
/** As the runtime's check judges the heap. */
const RISEN_SHARE = 0.25;
/** So much of the rise must have survived a full collection. */
const KEPT_SHARE = 0.6;
/** Growth in the first minute is warm-up. */
const WARM_UP_SECONDS = 45;
const CRITICAL_MB_PER_MINUTE = 60;

export const externalGrowth: Check = {
  id: 'allocator.external_growth',
  when: (snapshot) => {
    const risenMb = numberOf(snapshot.externalRisenMb);
    const floorMb = numberOf(snapshot.externalFloorMb);
    if (snapshot.externalOnlyGrows !== true || risenMb < LOOK_MB || risenMb < RISEN_SHARE * floorMb)
      return undefined;
    return {
      risenMb,
      floorMb,
      mbPerMinute: numberOf(snapshot.externalMbPerMinute),
      windowSeconds: numberOf(snapshot.externalWindowSeconds),
      arrayBuffersMb: numberOf(snapshot.arrayBuffersMb),
      rssMb: numberOf(snapshot.rssMb),
    };
  },
  investigate: 'return await allocator_buffer_makers();',
  conclude: (evidence, finding) => conclude(evidence, finding),
};

function conclude(evidence: JsonValue, finding: Finding): Conclusion | undefined {
  const found = objectOf(evidence);
  const risenMb = numberOf(finding.risenMb);
  const beforeMb = numberOf(finding.floorMb) - risenMb;
  const isCollected = typeof found.externalAfterGcMb === 'number';
  const keptMb = numberOf(found.externalAfterGcMb) - beforeMb;
  if (isCollected ? keptMb < KEPT_SHARE * risenMb : risenMb < UNCOLLECTED_MB) return undefined;
  const [maker] = listOf(found.makers);
  const culprit = placeOf(maker);
  const context = `External memory rose by ${mb(risenMb)} to ${mb(numberOf(finding.floorMb))} within ${figure(numberOf(finding.windowSeconds))} s (${mb(numberOf(finding.mbPerMinute))} per minute) and did not fall in between; ArrayBuffers hold ${mb(numberOf(finding.arrayBuffersMb))}, the process ${mb(numberOf(finding.rssMb))}.`;
  const after = isCollected
    ? `${mb(numberOf(found.externalAfterGcMb))} of external memory were left after a full collection`
    : 'No full collection was made to confirm it';
  if (maker === undefined || culprit === undefined)
    return {
      severity: severityOf(finding),
      context,
      observation: `${after}; no function that makes Buffers was measured.`,
      hypothesis: 'Something keeps Buffers, typed arrays or native objects alive.',
      subjects: [{ kind: 'process', name: 'external memory', value: numberOf(finding.floorMb), unit: 'MB' }],
    };
  const caller = placeOf(listOf(maker.callers)[0]);
  return {
    severity: severityOf(finding),
    context,
    observation: `${after}; ${place(culprit)} makes Buffers (${makesOf(maker)})${caller === undefined ? '' : `, called by ${place(caller)}`}: ${measuredOf(maker)}.`,
    hypothesis: `What ${culprit.name} makes is kept by something and never dropped.`,
    subjects: [functionSubject(culprit, numberOf(finding.mbPerMinute), 'MB/min')],
  };
}

const makesOf = (maker: JsonObject): string =>
  listOf(maker.makes)
    .slice(0, 2)
    .map(({ what, line }) => `${textOf(what)} in line ${figure(numberOf(line))}`)
    .join(', ');

function measuredOf(maker: JsonObject): string {
  const aliveMb = numberOf(maker.aliveHeapMb);
  const samples = numberOf(maker.samples);
  const parts = [
    ...(aliveMb > 0 ? [`of the small objects that it allocated about ${mb(aliveMb)} are alive`] : []),
    ...(samples > 0 ? [`it was on the stack in ${samples} CPU samples of the last minute`] : []),
  ];
  return parts.join(', ');
}

function severityOf({ mbPerMinute, windowSeconds }: Finding): Severity {
  if (numberOf(windowSeconds) < WARM_UP_SECONDS) return 'info';
  return numberOf(mbPerMinute) >= CRITICAL_MB_PER_MINUTE ? 'critical' : 'warning';
}
