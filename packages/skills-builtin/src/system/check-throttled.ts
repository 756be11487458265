// The check `system.cpu_throttled`: the container's CPU quota stops the process. Pure.
import type { Check, Conclusion, JsonValue } from '@nodelens/core';
import { numberOf, objectOf } from '../evidence.ts';
import { figure, ms } from '../wording.ts';
import { cpuSubject, neighboursIn, usesCpu } from './neighbour.ts';

/** kubernetes-mixin, alert CPUThrottlingHigh: more than 25 % of the periods. */
export const THROTTLED_PERCENT = 25;
const CRITICAL_PERCENT = 75;
/** A process without much to do is stopped for a moment in each of its few periods: nobody feels that. */
const FELT_MS_PER_SECOND = 20;
const NAMED_CPU_PERCENT = 10;

export const cpuThrottled: Check = {
  id: 'system.cpu_throttled',
  when: (snapshot) => {
    const throttledPeriodsPercent = numberOf(snapshot.throttledPeriodsPercent);
    const throttledMsPerSecond = numberOf(snapshot.throttledMsPerSecond);
    return throttledPeriodsPercent < THROTTLED_PERCENT || throttledMsPerSecond < FELT_MS_PER_SECOND
      ? undefined
      : { throttledPeriodsPercent, throttledMsPerSecond };
  },
  investigate: "return { cpu: await system_cpu(60), top: await system_top_processes(5, 'cpu', 'cpu') };",
  conclude: (evidence, finding) => conclude(evidence, numberOf(finding.throttledPeriodsPercent)),
  explains: ['runtime.event_loop_blocked'],
};

function conclude(evidence: JsonValue, seenPercent: number): Conclusion | undefined {
  const cpu = objectOf(objectOf(evidence).cpu);
  // Over the longer window it may be less; the worse of the two is what was felt.
  const periodsPercent = Math.max(seenPercent, numberOf(cpu.throttledPeriodsPercent));
  const quota = numberOf(cpu.cpuQuotaCpus);
  const top = neighboursIn(objectOf(evidence).top).find(({ cpuPercent }) => cpuPercent >= NAMED_CPU_PERCENT);
  return {
    severity: periodsPercent >= CRITICAL_PERCENT ? 'critical' : 'warning',
    context: `The container may use ${figure(quota)} CPUs; it used ${figure(numberOf(cpu.cgroupCpus))} on average.`,
    observation: `The kernel stopped the container in ${figure(periodsPercent)} % of its scheduling periods, for ${ms(numberOf(cpu.throttledMsPerSecond))} per second${top === undefined ? '' : `; ${usesCpu(top)}`}.`,
    hypothesis:
      'While it is stopped no thread of the process runs, the event loop included. A higher CPU limit, fewer threads or less work at once would help.',
    subjects: [
      { kind: 'resource', name: 'CPU limit of the container', value: quota, unit: 'CPUs' },
      ...(top === undefined ? [] : [cpuSubject(top)]),
    ],
  };
}
