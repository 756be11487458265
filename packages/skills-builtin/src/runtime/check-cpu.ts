// The check `runtime.cpu_hot`: main has no headroom although no single call blocks it. Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf } from '../evidence.ts';
import { figure, functionSubject, percent, place } from '../wording.ts';

/** clinic doctor: a median utilization of 95 % is an issue; a mean over 10 s is sharper, so a little less. */
const BUSY_UTILIZATION = 0.9;
/** Other processes may take their part of the core. */
const BUSY_CPU_PERCENT = 60;
/** Above this the stalls are the trouble, in ms within a minute. */
const STALLED_MS = 10_000;
/** A function with this share of main's CPU stands out. */
const DOMINANT_SHARE = 0.4;
/** More than usual is worth a word from here on: times the median, and robust standard deviations above it. */
const BURST_FACTOR = 2;
const BURST_DEVIATIONS = 3;

export const cpuHot: Check = {
  id: 'runtime.cpu_hot',
  when: (snapshot) => {
    const utilization = numberOf(snapshot.eventLoopUtilization10s);
    const cpuPercent = numberOf(snapshot.mainCpuPercent10s);
    const isBlocked = numberOf(snapshot.mainBlockedMs) >= 200 || numberOf(snapshot.stalled1mMs) >= STALLED_MS;
    if (isBlocked || utilization < BUSY_UTILIZATION || cpuPercent < BUSY_CPU_PERCENT) return undefined;
    return { utilization, cpuPercent };
  },
  investigate: `return { loop: await runtime_event_loop(10), cpu: await runtime_cpu(10), hot: await runtime_hot_functions(10) };`,
  conclude: (evidence) => conclude(evidence),
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { loop, cpu, hot } = objectOf(evidence);
  const utilization = numberOf(objectOf(loop).utilizationMean);
  // It may have passed since the snapshot.
  if (utilization < BUSY_UTILIZATION) return undefined;
  const functions = listOf(objectOf(hot).functions);
  const [top] = [...functions].sort((a, b) => numberOf(b.selfShare) - numberOf(a.selfShare));
  const culprit = placeOf(top);
  const share = numberOf(top?.selfShare);
  const context = `The event loop was busy ${percent(utilization)} of the last 10 s; the main thread used ${figure(numberOf(objectOf(cpu).mainMeanPercent))} % of a core${burstText(objectOf(cpu))}.`;
  if (culprit === undefined || share < DOMINANT_SHARE)
    return {
      severity: 'info',
      context,
      observation: `No function stands out: the largest share of the main thread's CPU is ${percent(share)}.`,
      hypothesis: 'The load as a whole fills one core; more processes or less work per request would help.',
      subjects: [],
    };
  return {
    severity: 'warning',
    context,
    observation: `${place(culprit)} took ${percent(share)} of the main thread's CPU.`,
    hypothesis: `${culprit.name} is what fills the event loop.`,
    subjects: [functionSubject(culprit, share * 100, '%')],
  };
}

const burstText = ({ baselinePercent, burstFactor, burstDeviations }: JsonObject): string =>
  numberOf(burstFactor) >= BURST_FACTOR && numberOf(burstDeviations) >= BURST_DEVIATIONS
    ? `, against ${figure(numberOf(baselinePercent))} % in the median of the 10 minutes before`
    : '';
