// CPU as the process gets it: what it is granted, what it waits for, and what others take.
import type { JsonObject, RecorderContext } from '@nodelens/core';
import { mean, min } from '../statistics.ts';
import { round } from '../wording.ts';
import type { Reading } from './history.ts';
import { type Rates, ratesBetween } from './rates.ts';
import type { System } from './system.ts';

/** What the process may use: its quota, or the CPUs that it may run on, whichever is less. */
export const cpuGrant = ({ host, cgroup }: Reading): JsonObject => ({
  cpusMachine: host.ticks?.cpus,
  cpusAllowed: host.allowedCpus,
  cpuQuotaCpus: cgroup?.cpu.quotaCpus,
  cpusAvailable: min([host.allowedCpus, cgroup?.cpu.quotaCpus ?? host.allowedCpus]),
});

/** Rates over a window; without them while the history is too young. */
export function cpuRates({ history }: System, now: Reading, windowMs: number): Rates | undefined {
  const before = history.before(now, windowMs);
  return before && ratesBetween(before, now);
}

export function cpuFigures(
  system: System,
  context: RecorderContext,
  { now, windowMs }: { readonly now: Reading; readonly windowMs: number },
): JsonObject {
  const rates = cpuRates(system, now, windowMs);
  const vitals = context.vitals.since(windowMs);
  const ownCpuPercent =
    vitals.length === 0 ? undefined : round(mean(vitals.map(({ processCpuPercent }) => processCpuPercent)));
  const { oomKills: _, windowSeconds, ...shares } = { oomKills: undefined, ...rates };
  return {
    ...cpuGrant(now),
    load1m: now.host.load1m,
    rateWindowSeconds: windowSeconds,
    ownCpuPercent,
    otherCpuPercent: otherCpuPercent(rates?.machineBusyPercent, ownCpuPercent, now),
    ...shares,
    cpuPressure10sPercent: now.host.cpuPressure?.some10sPercent,
    cgroupCpuPressure10sPercent: now.cgroup?.cpu.pressure?.some10sPercent,
  };
}

/** Of all CPUs of the machine: what is busy without this process. */
function otherCpuPercent(
  busyPercent: number | undefined,
  ownCpuPercent: number | undefined,
  { host }: Reading,
): number | undefined {
  if (busyPercent === undefined || ownCpuPercent === undefined || host.ticks === undefined) return undefined;
  return round(Math.max(0, busyPercent - ownCpuPercent / host.ticks.cpus));
}
