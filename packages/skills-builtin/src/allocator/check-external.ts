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
/** So much of the largest part makes another function as likely: one sample stands for 0.5 MB. */
const STANDS_OUT = 0.5;
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
  const makers = listOf(found.makers);
  const culprits = culpritsAmong(makers);
  const after = isCollected
    ? `${mb(numberOf(found.externalAfterGcMb))} of external memory were left after a full collection`
    : 'No full collection was made to confirm it';
  const shared = {
    severity: severityOf(finding),
    context: `External memory rose by ${mb(risenMb)} to ${mb(numberOf(finding.floorMb))} within ${figure(numberOf(finding.windowSeconds))} s (${mb(numberOf(finding.mbPerMinute))} per minute) and did not fall in between; ArrayBuffers hold ${mb(numberOf(finding.arrayBuffersMb))}, the process ${mb(numberOf(finding.rssMb))}.`,
  };
  if (culprits.length === 0)
    return {
      ...shared,
      observation: `${after}; ${makers.length === 0 ? 'no function that makes Buffers was measured' : `of the functions that make Buffers none stands out: ${makers.slice(0, 4).map(nameOf).join(', ')}`}.`,
      hypothesis: 'Something keeps Buffers, typed arrays or native objects alive.',
      subjects: [{ kind: 'process', name: 'external memory', value: numberOf(finding.floorMb), unit: 'MB' }],
    };
  return {
    ...shared,
    observation: `${after}; ${culprits.map(describe).join('; ')}.`,
    hypothesis: `What ${culprits.map(({ name }) => textOf(name)).join(' or ')} makes is kept by something and never dropped.`,
    subjects: culprits
      .flatMap((maker) => placeOf(maker) ?? [])
      .map((place) => functionSubject(place, numberOf(finding.mbPerMinute), 'MB/min')),
  };
}

/**
 * Those whose objects are alive, without the much smaller ones. Where the sampler has seen none yet: the only one that
 * hands on what it makes, for who merely runs may drop it all.
 */
function culpritsAmong(makers: readonly JsonObject[]): readonly JsonObject[] {
  const mostMb = numberOf(makers[0]?.aliveHeapMb);
  if (mostMb > 0)
    return makers.filter(({ aliveHeapMb }) => numberOf(aliveHeapMb) >= STANDS_OUT * mostMb).slice(0, 3);
  const handingOn = makers.filter(({ makes }) => listOf(makes).some(({ isHandedOn }) => isHandedOn === true));
  return handingOn.length === 1 ? handingOn : [];
}

function describe(maker: JsonObject): string {
  const caller = placeOf(listOf(maker.callers)[0]);
  const makes = listOf(maker.makes)
    .slice(0, 2)
    .map(({ what, line }) => `${textOf(what)} in line ${numberOf(line)}`)
    .join(', ');
  const aliveMb = numberOf(maker.aliveHeapMb);
  const samples = numberOf(maker.samples);
  const measured = [
    ...(aliveMb > 0 ? [`of the small objects that it allocated about ${mb(aliveMb)} are alive`] : []),
    ...(samples > 0 ? [`it was on the stack in ${samples} CPU samples of the last minute`] : []),
  ].join(', ');
  return `${nameOf(maker)} makes Buffers (${makes})${caller === undefined ? '' : `, called by ${place(caller)}`}: ${measured}`;
}

function nameOf(maker: JsonObject): string {
  const found = placeOf(maker);
  return found === undefined ? '' : place(found);
}

function severityOf({ mbPerMinute, windowSeconds }: Finding): Severity {
  if (numberOf(windowSeconds) < WARM_UP_SECONDS) return 'info';
  return numberOf(mbPerMinute) >= CRITICAL_MB_PER_MINUTE ? 'critical' : 'warning';
}
