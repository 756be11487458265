// What two readings say together: counters as rates. Pure; what cannot be told is undefined.
import { round } from '../wording.ts';
import type { Reading } from './history.ts';

export interface Rates {
  readonly windowSeconds: number;
  /** Of all CPUs of the machine, 0 to 100. */
  readonly machineBusyPercent: number | undefined;
  /** What the hypervisor gave to other guests, of all CPUs, 0 to 100. */
  readonly stealPercent: number | undefined;
  /** Share of the time in which main could have run but had to wait for a core, throttling included. */
  readonly mainWaitPercent: number | undefined;
  /** CPU that the cgroup used, in CPUs. */
  readonly cgroupCpus: number | undefined;
  readonly throttledPeriodsPercent: number | undefined;
  /** Summed over the CPUs: may exceed 1,000. */
  readonly throttledMsPerSecond: number | undefined;
  /** In the window. */
  readonly oomKills: number | undefined;
}

export function ratesBetween(before: Reading, after: Reading): Rates {
  const elapsedMs = after.monotonicMs - before.monotonicMs;
  const ticks = difference(before.host.ticks?.total, after.host.ticks?.total);
  const cpuBefore = before.cgroup?.cpu;
  const cpuAfter = after.cgroup?.cpu;
  const periods = difference(cpuBefore?.periods, cpuAfter?.periods);
  const per = (from: number | undefined, to: number | undefined, unit: number): number | undefined =>
    share(difference(from, to), elapsedMs, unit);
  return {
    windowSeconds: round(elapsedMs / 1_000),
    machineBusyPercent: share(difference(before.host.ticks?.busy, after.host.ticks?.busy), ticks, 100),
    stealPercent: share(difference(before.host.ticks?.steal, after.host.ticks?.steal), ticks, 100),
    mainWaitPercent: per(before.host.mainWaitedMs, after.host.mainWaitedMs, 100),
    cgroupCpus: per(cpuBefore?.usageMs, cpuAfter?.usageMs, 1),
    throttledPeriodsPercent:
      periods === 0
        ? 0
        : share(difference(cpuBefore?.throttledPeriods, cpuAfter?.throttledPeriods), periods, 100),
    throttledMsPerSecond: per(cpuBefore?.throttledMs, cpuAfter?.throttledMs, 1_000),
    oomKills: difference(before.cgroup?.memory.oomKills, after.cgroup?.memory.oomKills),
  };
}

/** A counter that went back has begun anew: nothing is known of the time between. */
function difference(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined || after < before ? undefined : after - before;
}

const share = (part: number | undefined, whole: number | undefined, unit: number): number | undefined =>
  part === undefined || whole === undefined || whole <= 0 ? undefined : round((unit * part) / whole, 2);
