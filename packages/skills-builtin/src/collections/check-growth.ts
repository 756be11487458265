// The check `collections.unbounded_growth`: memory is held by a collection that only grows; it, its module and what
// fills it are named. Pure.
import type { Check, Conclusion, Finding, JsonObject, JsonValue, Severity, Subject } from '@nodelens/core';
import { listOf, numberOf, objectOf, type Place, placeOf, textOf } from '../evidence.ts';
import { figure, functionSubject, mb, place } from '../wording.ts';
import { byAllocation, GROWN_MB } from './by-allocation.ts';
import { isGrowth, isLargeRise, RISEN_MB } from './floor.ts';
import { isLeak } from './leak.ts';
import { collectionSubject } from './subject.ts';

const EXTERNAL_RISEN_MB = 24;
const CRITICAL_MB_PER_MINUTE = 60;

export const unboundedGrowth: Check = {
  id: 'collections.unbounded_growth',
  when: (snapshot) => {
    const risenMb = numberOf(snapshot.heapFloorRisenMb);
    const floorMb = numberOf(snapshot.heapFloorMb);
    const externalRisenMb = numberOf(snapshot.externalRisenMb);
    const isKnown =
      externalRisenMb >= EXTERNAL_RISEN_MB ||
      isGrowth({ risenMb, floorMb, onlyGrows: snapshot.heapFloorOnlyGrows === true });
    const isTooYoung = !isKnown && mayGrow(snapshot);
    if (!isKnown && !isTooYoung) return undefined;
    return {
      isTooYoung,
      risenMb,
      floorMb,
      externalRisenMb,
      heapUsedMb: numberOf(snapshot.heapUsedMb),
      mbPerMinute: numberOf(snapshot.heapFloorMbPerMinute),
      windowSeconds: numberOf(snapshot.heapFloorWindowSeconds),
    };
  },
  investigate: 'return await collections_leak_candidates(3);',
  conclude: (evidence, finding) => conclude(evidence, finding),
  explains: [
    'runtime.memory_growth',
    'gc.near_limit',
    'gc.heap_limit_forecast',
    'gc.long_pause',
    'allocator.external_growth',
    'vm-events.heap_near_limit',
    'vm-events.gc_burst',
    'gc.churn',
  ],
};

/** A process too young to have a floor has one when its collections have been looked at. */
function mayGrow({ heapFloorMb, heapRisenWithoutFloorMb, heapUsedMb }: JsonObject): boolean {
  return heapFloorMb === undefined && isLargeRise(numberOf(heapRisenWithoutFloorMb), numberOf(heapUsedMb));
}

/** The look takes seconds: what the floor has done by its end is the better judgement, and the only one of a young process. */
function conclude(evidence: JsonValue, finding: Finding): Conclusion | undefined {
  const found = objectOf(evidence);
  const floor = objectOf(found.floor);
  const { risenMb, floorMb, onlyGrows } = floor;
  const hasGrown = isGrowth({
    risenMb: numberOf(risenMb),
    floorMb: numberOf(floorMb),
    onlyGrows: onlyGrows === true,
  });
  if (hasGrown) return concludeOf(found, { ...finding, ...floor });
  return finding.isTooYoung === true ? undefined : concludeOf(found, finding);
}

function concludeOf(found: JsonObject, finding: Finding): Conclusion | undefined {
  const heapMb = numberOf(found.heapMb, numberOf(finding.heapUsedMb) + numberOf(finding.externalRisenMb));
  const leakAt = (mbPerMinute: number): JsonObject | undefined =>
    listOf(found.candidates).find((candidate) => isLeak(candidate, { heapMb, mbPerMinute }));
  const culprit =
    leakAt(numberOf(found.floorMbPerMinute, numberOf(finding.mbPerMinute))) ??
    // The floor's pace is of minutes, a candidate's of seconds in which the app may have got less done.
    (numberOf(found.heapGrownMb) < GROWN_MB
      ? undefined
      : leakAt(numberOf(found.heapGrownMbPerMinute, Number.POSITIVE_INFINITY)));
  if (culprit !== undefined) return namedCollection(culprit, finding);
  return byAllocation(found, finding, growthOf(finding));
}

function namedCollection(collection: JsonObject, finding: Finding): Conclusion {
  const name = textOf(collection.name);
  const file = textOf(collection.file);
  const filler = placeOf(listOf(collection.filledBy)[0]);
  const emptiedBy = placeOf(listOf(collection.emptiedBy)[0]);
  const line = numberOf(collection.line);
  const subject = collectionSubject(collection, numberOf(collection.entries), 'entries');
  return {
    severity: severityOf(finding),
    context: growthOf(finding),
    observation: `The ${textOf(collection.kind)} ${name}${file === '' ? '' : ` (${file}${line > 0 ? `:${line}` : ''})`} holds ${figure(numberOf(collection.entries))} ${wordFor(collection)}, about ${mb(numberOf(collection.estimatedMb))}, and grows by ${figure(numberOf(collection.entriesPerMinute))} ${wordFor(collection)} per minute; ${filledText(filler)}, ${emptiedText(emptiedBy)}.`,
    hypothesis:
      emptiedBy === undefined
        ? `${name} is never emptied, so everything that it holds stays in memory.`
        : `${name} takes in more than is removed from it.`,
    subjects: [subject, ...(filler === undefined ? [] : [fillerSubject(filler, collection)])],
  };
}

const wordFor = ({ kind, name }: JsonObject): string =>
  kind === 'AbortSignal' || textOf(name).includes('_events.') ? 'listeners' : 'entries';

const fillerSubject = (filler: Place, collection: JsonObject): Subject =>
  functionSubject(filler, numberOf(collection.entriesPerMinute), 'entries/min');

const filledText = (filler: Place | undefined): string =>
  filler === undefined ? 'what fills it was not found' : `${place(filler)} adds to it`;

const emptiedText = (emptier: Place | undefined): string =>
  emptier === undefined
    ? 'and no code that removes from it was found'
    : `and ${place(emptier)} removes from it, but it never shrank while it was watched`;

function growthOf({ risenMb, floorMb, windowSeconds, externalRisenMb }: Finding): string {
  if (numberOf(risenMb) < RISEN_MB)
    return `Memory outside of the JavaScript heap grew by ${mb(numberOf(externalRisenMb))} within the last minutes.`;
  return `The heap's floor rose by ${mb(numberOf(risenMb))} to ${mb(numberOf(floorMb))} within ${figure(numberOf(windowSeconds))} s.`;
}

const severityOf = ({ mbPerMinute }: Finding): Severity =>
  numberOf(mbPerMinute) >= CRITICAL_MB_PER_MINUTE ? 'critical' : 'warning';
