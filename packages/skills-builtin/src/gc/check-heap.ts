// The checks `gc.long_pause` and `gc.near_limit`: single collections that are felt, and a heap that is nearly full.
// Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf } from '../evidence.ts';
import { figure, mb, ms } from '../wording.ts';

const LONG_MS = 100;
const VERY_LONG_MS = 250;
const REPEATED = 3;

export const longPause: Check = {
  id: 'gc.long_pause',
  when: (snapshot) => {
    const longestMs = numberOf(snapshot.longestPause1mMs);
    const count = numberOf(snapshot.longPauses1m);
    return longestMs < VERY_LONG_MS && count < REPEATED ? undefined : { longestMs, count };
  },
  investigate: 'return { recent: await gc_recent(50), pressure: await gc_pressure() };',
  conclude: (evidence, finding) => concludePause(evidence, numberOf(finding.longestMs)),
  explains: ['runtime.event_loop_blocked', 'http.slow_route'],
};

function concludePause(evidence: JsonValue, longestMs: number): Conclusion | undefined {
  const { recent, pressure } = objectOf(evidence);
  const ownMs = (gc: JsonObject): number => numberOf(gc.durationMs) - numberOf(gc.starvedMs);
  const long = listOf(recent).filter((gc) => gc.forced !== true && ownMs(gc) >= LONG_MS);
  const longest = Math.max(longestMs, ...long.map(ownMs));
  const heapUsedMb = numberOf(objectOf(pressure).heapUsedMb);
  return {
    severity: 'warning',
    context: `The JavaScript heap holds ${mb(heapUsedMb)}.`,
    observation: `A garbage collection stopped the main thread for ${ms(longest)}${long.length > 1 ? `; ${long.length} of the last collections took ${ms(LONG_MS)} or more` : ''}.`,
    hypothesis:
      'A full collection takes the longer the more objects are alive; fewer live objects shorten it.',
    subjects: [{ kind: 'process', name: 'heap', value: heapUsedMb, unit: 'MB' }],
  };
}

const NEAR_PERCENT = 85;
const CRITICAL_PERCENT = 92;

export const nearLimit: Check = {
  id: 'gc.near_limit',
  when: (snapshot) => {
    const usedPercent = numberOf(snapshot.heapUsedPercent);
    return usedPercent < NEAR_PERCENT ? undefined : { usedPercent };
  },
  investigate: 'return { pressure: await gc_pressure(), stats: await gc_stats(60) };',
  conclude: (evidence, finding) => concludeLimit(evidence, numberOf(finding.usedPercent)),
  explains: [
    'gc.long_pause',
    'gc.churn',
    'runtime.event_loop_blocked',
    'runtime.cpu_hot',
    'http.slow_route',
    'overload.loop_saturated',
    'vm-events.gc_burst',
    'vm-events.heap_near_limit',
  ],
};

function concludeLimit(evidence: JsonValue, seenPercent: number): Conclusion | undefined {
  const pressure = objectOf(objectOf(evidence).pressure);
  const stats = objectOf(objectOf(evidence).stats);
  const usedPercent = numberOf(pressure.usedPercent, seenPercent);
  const minutes = numberOf(pressure.minutesUntilLimit, -1);
  // A heap that was only full of garbage has been emptied by now.
  if (usedPercent < NEAR_PERCENT - 10) return undefined;
  return {
    severity: usedPercent >= CRITICAL_PERCENT ? 'critical' : 'warning',
    context: `The JavaScript heap holds ${mb(numberOf(pressure.heapUsedMb))} of at most ${mb(numberOf(pressure.heapLimitMb))} (${figure(usedPercent)} %).`,
    observation: `There were ${figure(numberOf(objectOf(stats.major).perMinute))} full collections per minute; collections took ${figure(numberOf(stats.pauseSharePercent))} % of the main thread's time.`,
    hypothesis:
      minutes >= 0
        ? `At its present growth the heap is full in ${figure(minutes)} minutes; then the process ends for lack of memory.`
        : 'The process ends for lack of memory when the heap grows further.',
    subjects: [{ kind: 'process', name: 'heap', value: numberOf(pressure.heapUsedMb), unit: 'MB' }],
  };
}
