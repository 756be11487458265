// The check `system.memory_low`: the container is near its limit, or the machine has nothing left. Pure.
import type { Check, Conclusion, JsonObject, JsonValue, Severity, Subject } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { figure, mb } from '../wording.ts';
import { holdsMemory, memorySubject, type Neighbour, neighboursIn } from './neighbour.ts';

/** Ours. The working set is what the kubelet evicts by; at 100 % the kernel kills. */
const NEAR_PERCENT = 90;
const CRITICAL_PERCENT = 95;
/** A forecast counts only when much is in use already. */
const FORECAST_PERCENT = 70;
const FORECAST_MINUTES = 15;
/** Of the machine: the kubelet evicts below 100 MiB, Prometheus' usual alert is 10 %; half of it is not for nothing. */
const HOST_AVAILABLE_PERCENT = 5;
const MOST_SHARE = 0.5;

export const memoryLow: Check = {
  id: 'system.memory_low',
  when: (snapshot) => {
    const kills = numberOf(snapshot.oomKills10m);
    return kills > 0 || isNearLimit(snapshot) || isHostLow(snapshot)
      ? { oomKills10m: kills, usedPercent: numberOf(snapshot.memoryUsedPercent) }
      : undefined;
  },
  investigate: `const memory = await system_memory();
const isOfMachine = memory.memoryUsedPercent === undefined || memory.memoryAvailablePercent < ${HOST_AVAILABLE_PERCENT};
return { memory, top: await system_top_processes(5, 'memory', isOfMachine ? 'all' : 'memory') };`,
  conclude: (evidence) => conclude(evidence),
};

const minutesLeft = (memory: JsonObject): number =>
  numberOf(memory.minutesUntilMemoryLimit, Number.POSITIVE_INFINITY);

const isNearLimit = (memory: JsonObject): boolean =>
  numberOf(memory.memoryUsedPercent) >= NEAR_PERCENT ||
  (numberOf(memory.memoryUsedPercent) >= FORECAST_PERCENT && minutesLeft(memory) <= FORECAST_MINUTES);

const isHostLow = (memory: JsonObject): boolean =>
  numberOf(memory.memoryAvailablePercent, 100) < HOST_AVAILABLE_PERCENT;

function conclude(evidence: JsonValue): Conclusion | undefined {
  const memory = objectOf(objectOf(evidence).memory);
  const kills = numberOf(memory.oomKills10m);
  const isNear = isNearLimit(memory);
  if (kills === 0 && !isNear && !isHostLow(memory)) return undefined;
  const [killed] = listOf(memory.killed);
  // Who was killed is no longer among those that hold memory; without an answer to that, whoever holds most now.
  const top = isNear || killed === undefined ? neighboursIn(objectOf(evidence).top)[0] : undefined;
  const facts = [
    kills > 0 &&
      `The kernel killed ${kills} ${kills === 1 ? 'process' : 'processes'} of the container for want of memory${killed === undefined ? '' : `: ${textOf(killed.name)} (process ${numberOf(killed.pid)}) held ${mb(numberOf(killed.rssMb))} shortly before`}`,
    top !== undefined && holdsMemory(top),
    numberOf(memory.memoryMbPerMinute) > 0 &&
      `The working set grew by ${mb(numberOf(memory.memoryMbPerMinute))} per minute`,
  ].filter((fact) => fact !== false);
  return {
    severity: severityOf(memory),
    context: isNear || kills > 0 ? limitContext(memory) : hostContext(memory),
    observation: facts.length === 0 ? 'No process can be seen from here.' : `${facts.join('. ')}.`,
    hypothesis: `${top === undefined ? '' : shareOf(top, memory)}${forecast(memory, isNear)}`,
    subjects: [
      isNear || kills > 0
        ? {
            kind: 'resource',
            name: 'memory limit of the container',
            value: numberOf(memory.memoryUsedPercent),
            unit: '%',
          }
        : {
            kind: 'resource',
            name: 'memory of the machine',
            value: numberOf(memory.memoryAvailableMb),
            unit: 'MB available',
          },
      ...(killed === undefined ? [] : [killedSubject(killed)]),
      ...(top === undefined ? [] : [memorySubject(top)]),
    ],
  };
}

function severityOf(memory: JsonObject): Severity {
  const isCritical =
    numberOf(memory.oomKills10m) > 0 ||
    numberOf(memory.memoryUsedPercent) >= CRITICAL_PERCENT ||
    numberOf(memory.memoryAvailablePercent, 100) < HOST_AVAILABLE_PERCENT / 2;
  return isCritical ? 'critical' : 'warning';
}

const killedSubject = (killed: JsonObject): Subject => ({
  kind: 'process',
  name: textOf(killed.name),
  value: numberOf(killed.rssMb),
  unit: 'MB',
});

const limitContext = (memory: JsonObject): string =>
  `The container uses ${mb(numberOf(memory.memoryWorkingSetMb))} of at most ${mb(numberOf(memory.memoryLimitMb))} (${figure(numberOf(memory.memoryUsedPercent))} %).`;

const hostContext = (memory: JsonObject): string =>
  `The machine has ${mb(numberOf(memory.memoryAvailableMb))} of ${mb(numberOf(memory.memoryTotalMb))} left (${figure(numberOf(memory.memoryAvailablePercent))} %).`;

/** Who holds most of the container; the process itself is for other skills to look into. */
function shareOf({ name, rssMb, relation }: Neighbour, memory: JsonObject): string {
  const workingSetMb = numberOf(memory.memoryWorkingSetMb);
  return relation === 'self' || workingSetMb === 0 || rssMb < MOST_SHARE * workingSetMb
    ? ''
    : `Most of the memory of the container is held by ${name}. `;
}

function forecast(memory: JsonObject, isNear: boolean): string {
  const minutes = minutesLeft(memory);
  if (isNear && Number.isFinite(minutes))
    return `At its present growth the container reaches its limit in ${figure(minutes)} minutes; then the kernel kills a process of it.`;
  return 'The kernel kills a process when more memory is asked for; the one with the highest OOM score goes first.';
}
