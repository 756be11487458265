// The check `system.cpu_taken`: main waits for a core, because other processes or other guests have it. Pure.
import type { Check, Conclusion, JsonObject, JsonValue, Severity } from '@nodelens/core';
import { numberOf, objectOf } from '../evidence.ts';
import { figure } from '../wording.ts';
import { THROTTLED_PERCENT } from './check-throttled.ts';
import { cpuSubject, neighboursIn, togetherByName, useCpu } from './neighbour.ts';

/** awesome-prometheus-alerts, HostCpuStealNoisyNeighbor: more than 10 %. */
const STEAL_PERCENT = 10;
const CRITICAL_STEAL_PERCENT = 30;
/** Ours: a fifth of main's time. Below, only the tail of the latency feels it. */
const WAIT_PERCENT = 20;
const CRITICAL_WAIT_PERCENT = 50;
/** Of all CPUs: below, it is the process itself that fills them. */
const OTHERS_PERCENT = 40;
/** Of one core, all processes of a name together: less is no culprit. */
const NAMED_CPU_PERCENT = 30;
const TOLD = 2;

export const cpuTaken: Check = {
  id: 'system.cpu_taken',
  when: (snapshot) => {
    const stealPercent = numberOf(snapshot.stealPercent);
    const waitPercent = numberOf(snapshot.mainWaitPercent);
    const isThrottled = numberOf(snapshot.throttledPeriodsPercent) >= THROTTLED_PERCENT;
    const isCrowded =
      !isThrottled && waitPercent >= WAIT_PERCENT && numberOf(snapshot.otherCpuPercent) >= OTHERS_PERCENT;
    return stealPercent < STEAL_PERCENT && !isCrowded ? undefined : { stealPercent, waitPercent };
  },
  investigate: 'return { cpu: await system_cpu(30), top: await system_top_processes(50) };',
  conclude: (evidence) => conclude(evidence),
  // Waiting for a core lengthens whatever main does; who has another cause with a name keeps it.
  explains: [
    'runtime.event_loop_blocked',
    'overload.loop_saturated',
    'overload.accept_queue',
    'overload.in_flight_growth',
    'http.slow_route',
    'overload.threadpool_saturated',
    'gc.long_pause',
    // A pause is timed by the clock, so their share of it grows by the wait for a core.
    'gc.churn',
  ],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const cpu = objectOf(objectOf(evidence).cpu);
  const context = `The machine's ${figure(numberOf(cpu.cpusMachine))} CPUs were busy ${figure(numberOf(cpu.machineBusyPercent))} % of the last ${figure(numberOf(cpu.rateWindowSeconds))} s, ${figure(numberOf(cpu.otherCpuPercent))} % with other processes; the main thread waited for a core ${figure(numberOf(cpu.mainWaitPercent))} % of the time.`;
  if (numberOf(cpu.stealPercent) >= STEAL_PERCENT) return stolen(numberOf(cpu.stealPercent), context);
  return numberOf(cpu.mainWaitPercent) >= WAIT_PERCENT && numberOf(cpu.otherCpuPercent) >= OTHERS_PERCENT
    ? crowded(evidence, cpu, context)
    : undefined;
}

const stolen = (stealPercent: number, context: string): Conclusion => ({
  severity: stealPercent >= CRITICAL_STEAL_PERCENT ? 'critical' : 'warning',
  context,
  observation: `The hypervisor gave ${figure(stealPercent)} % of this machine's CPU time to others while it had work to do.`,
  hypothesis: 'The physical host is overbooked, or the CPU credits of this type of machine are used up.',
  subjects: [{ kind: 'resource', name: 'stolen CPU', value: stealPercent, unit: '%' }],
});

function crowded(evidence: JsonValue, cpu: JsonObject, context: string): Conclusion {
  const others = neighboursIn(objectOf(evidence).top).filter(({ relation }) => relation !== 'self');
  const [top, ...more] = togetherByName(others).filter(({ cpuPercent }) => cpuPercent >= NAMED_CPU_PERCENT);
  const waitPercent = numberOf(cpu.mainWaitPercent);
  const severity: Severity = waitPercent >= CRITICAL_WAIT_PERCENT ? 'critical' : 'warning';
  if (top === undefined)
    return {
      severity,
      context,
      observation: `The main thread waited ${figure(waitPercent)} % of the time for a core; no other program that can be seen from here used ${NAMED_CPU_PERCENT} % of one or more.`,
      hypothesis:
        'The CPU goes to many small or short-lived processes, or to other containers of the machine.',
      subjects: [
        { kind: 'resource', name: 'CPU of the machine', value: numberOf(cpu.otherCpuPercent), unit: '%' },
      ],
    };
  return {
    severity,
    context,
    observation: `${useCpu(top)}${more.length > 0 ? `, and ${more.length} other ${more.length === 1 ? 'program' : 'programs'} ${NAMED_CPU_PERCENT} % or more` : ''}.`,
    hypothesis: `${top.name} takes the CPU that the main thread waits for.`,
    subjects: [top, ...more].slice(0, TOLD).map(cpuSubject),
  };
}
