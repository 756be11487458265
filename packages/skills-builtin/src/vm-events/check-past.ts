// The checks `vm-events.gc_burst` and `vm-events.heap_near_limit`: what is over, so that the checks of `gc`, which look
// at the last minute, no longer see it. Pure.
import type { Check, Conclusion, Finding, JsonObject, JsonValue, Subject } from '@nodelens/core';
import { listOf, numberOf, objectOf, type Place, placeOf, textOf } from '../evidence.ts';
import { max } from '../statistics.ts';
import { figure, functionSubject, mb, megabytes, ms, place } from '../wording.ts';

/** gc.long_pause looks that far back, in ms. */
const SEEN_BY_GC_MS = 60_000;
/** gc.near_limit speaks from here on. */
const NEAR_PERCENT = 85;
/** As gc.near_limit: critical. */
const PEAK_PERCENT = 92;
const STAY_MS = 10_000;
/** What a request leaves behind is collected after it. */
const BEFORE_MS = 2_000;

export const gcBurst: Check = {
  id: 'vm-events.gc_burst',
  when: (snapshot) => {
    const bursts = numberOf(snapshot.pastGcBursts15m);
    return bursts === 0 ? undefined : { bursts };
  },
  investigate: `const counts = await vm_events_counts();
const [burst] = counts.gcBursts.filter(({ endedAgoMs }) => endedAgoMs > ${SEEN_BY_GC_MS});
const around = burst && await vm_events_around(burst.endedAtMs, 60);
return { bursts: counts.gcBursts, around };`,
  conclude: (evidence) => concludeBurst(evidence),
};

function concludeBurst(evidence: JsonValue): Conclusion | undefined {
  const { bursts, around } = objectOf(evidence);
  const all = listOf(bursts);
  const past = all.filter(({ endedAgoMs }) => numberOf(endedAgoMs) > SEEN_BY_GC_MS);
  const [newest] = past;
  if (newest === undefined) return undefined;
  const culprit = culpritOf(listOf(objectOf(around).events), newest);
  const large = largeRequestOf(listOf(objectOf(around).events), newest);
  const heapMb = numberOf(objectOf(objectOf(around).main).heapUsedMb);
  const seconds = (numberOf(newest.endedAtMs) - numberOf(newest.atMs)) / 1000;
  return {
    severity: past.length > 1 ? 'warning' : 'info',
    context: `Within the last 15 minutes there ${past.length === 1 ? 'was one burst' : `were ${past.length} bursts`} of long collections; the newest ended ${figure(Math.round(numberOf(newest.endedAgoMs) / 1000))} s ago.`,
    observation: `It held ${figure(numberOf(newest.count))} collections of 100 ms or more within ${figure(seconds)} s, ${ms(numberOf(newest.totalMs))} in all and ${ms(numberOf(newest.longestMs))} at the longest; the heap held ${mb(heapMb)}.${culprit === undefined ? '' : ` ${place(culprit)} was running when the main thread stood still.`}${large === undefined ? '' : ` ${largeText(large)}`}`,
    ...(past.length > 1 && {
      hypothesis: 'Something that runs from time to time (a job, a report) fills the heap.',
    }),
    subjects: [
      ...(culprit === undefined ? [] : [functionSubject(culprit, numberOf(newest.longestMs), 'ms')]),
      heapSubject(heapMb),
    ],
  };
}

/** The function that the stalls of the burst have most often. */
function culpritOf(events: readonly JsonObject[], burst: JsonObject): Place | undefined {
  const places = events
    .filter(({ type, atMs }) => type === 'stall' && numberOf(atMs) <= numberOf(burst.endedAtMs))
    .filter(
      ({ atMs, durationMs, gcMs }) =>
        numberOf(atMs) + numberOf(durationMs) >= numberOf(burst.atMs) && numberOf(gcMs) > 0,
    )
    .flatMap(({ culprit }) => placeOf(culprit) ?? []);
  const groups = [...Map.groupBy(places, ({ name, file }) => `${name}\0${file}`).values()];
  return groups.sort((a, b) => b.length - a.length)[0]?.[0];
}

/** The largest that was served in the burst, or ended right before it: a lead, so it is evidence and no subject. */
function largeRequestOf(events: readonly JsonObject[], burst: JsonObject): JsonObject | undefined {
  return events
    .filter(({ type, atMs }) => type === 'large-request' && numberOf(atMs) <= numberOf(burst.endedAtMs))
    .filter(
      ({ atMs, durationMs }) => numberOf(atMs) + numberOf(durationMs) >= numberOf(burst.atMs) - BEFORE_MS,
    )
    .sort((a, b) => movedBy(b) - movedBy(a))[0];
}

const movedBy = ({ requestBytes, responseBytes }: JsonObject): number =>
  Math.max(numberOf(requestBytes), numberOf(responseBytes));

const largeText = ({ route, requestBytes, responseBytes }: JsonObject): string =>
  `${textOf(route)} was served at that time, with ${mb(megabytes(numberOf(requestBytes)))} in and ${mb(megabytes(numberOf(responseBytes)))} out.`;

export const heapNearLimit: Check = {
  id: 'vm-events.heap_near_limit',
  when: (snapshot) => {
    const edges = numberOf(snapshot.heapNearLimitEdges15m);
    const usedPercent = numberOf(snapshot.heapUsedPercent);
    return edges === 0 || usedPercent >= NEAR_PERCENT ? undefined : { edges, usedPercent };
  },
  investigate: `return await vm_events_recent('heap-limit', 50, 900);`,
  conclude: (evidence, finding) => concludeHeap(evidence, finding),
};

function concludeHeap(evidence: JsonValue, finding: Finding): Conclusion | undefined {
  const stays = listOf(evidence).filter(({ edge }) => textOf(edge) === 'down');
  const [newest] = stays;
  if (newest === undefined) return undefined;
  const peakPercent = max(stays.map((stay) => numberOf(stay.peakPercent)));
  const longestMs = max(stays.map(({ aboveMs }) => numberOf(aboveMs)));
  // Once and short is garbage that a full collection has met a moment later.
  if (stays.length === 1 && peakPercent < PEAK_PERCENT && longestMs < STAY_MS) return undefined;
  const heapMb = numberOf(newest.heapUsedMb);
  return {
    severity: stays.length > 1 ? 'warning' : 'info',
    context: `The JavaScript heap holds ${figure(numberOf(finding.usedPercent))} % of its limit of ${mb(numberOf(newest.heapLimitMb))}.`,
    observation: `Within the last 15 minutes it was above ${NEAR_PERCENT} % ${stays.length === 1 ? 'once' : `${stays.length} times`}, for ${figure(longestMs / 1000)} s at the longest, with a peak of ${figure(peakPercent)} %; the last time ended ${figure(Math.round(numberOf(newest.agoMs) / 1000))} s ago.`,
    hypothesis: 'A peak that is a little higher ends the process for lack of memory.',
    subjects: [heapSubject(heapMb)],
  };
}

const heapSubject = (value: number): Subject => ({ kind: 'process', name: 'heap', value, unit: 'MB' });
