// Memory as the process may have it: the container's limit and how near it is, and the machine's own.
import type { JsonObject } from '@nodelens/core';
import { round } from '../wording.ts';
import { growthPerMinute, minutesUntil } from './growth.ts';
import type { Reading } from './history.ts';
import { effectiveLimitMb } from './memory-limit.ts';
import { ratesBetween } from './rates.ts';
import type { System } from './system.ts';

const MINUTE_MS = 60_000;
const TREND_MS = 10 * MINUTE_MS;

export function memoryFigures(system: System, now: Reading): JsonObject {
  const { host } = now;
  const before = system.history.before(now, 10 * MINUTE_MS);
  return {
    memoryTotalMb: Math.round(host.totalMb),
    memoryAvailableMb: Math.round(host.availableMb),
    memoryAvailablePercent: round((100 * host.availableMb) / host.totalMb),
    swapTotalMb: rounded(host.swapTotalMb),
    swapUsedMb:
      host.swapTotalMb === undefined ? undefined : rounded(host.swapTotalMb - (host.swapFreeMb ?? 0)),
    ...limitFigures(system, now),
    // Only what happened while it was watched: the counter may be older than the process.
    oomKills10m: before && ratesBetween(before, now).oomKills,
    memoryPressureFull10sPercent: (now.cgroup?.memory.pressure ?? host.memoryPressure)?.full10sPercent,
    oomScore: host.oomScore,
  };
}

function limitFigures(system: System, now: Reading): JsonObject {
  const limitMb = effectiveLimitMb(now);
  const workingSetMb = now.cgroup?.memory.workingSetMb;
  if (limitMb === undefined || workingSetMb === undefined)
    return { memoryLimitMb: limitMb, memoryWorkingSetMb: rounded(workingSetMb) };
  const points = [now, ...system.history.since(TREND_MS)].toReversed().flatMap((reading) => {
    const value = reading.cgroup?.memory.workingSetMb;
    return value === undefined ? [] : [{ atMs: reading.monotonicMs, value }];
  });
  const perMinute = growthPerMinute(points);
  return {
    memoryLimitMb: rounded(limitMb),
    memoryUsageMb: rounded(now.cgroup?.memory.usageMb),
    memoryWorkingSetMb: rounded(workingSetMb),
    memoryUsedPercent: round((100 * workingSetMb) / limitMb),
    memoryMbPerMinute: perMinute,
    minutesUntilMemoryLimit: minutesUntil(limitMb, { value: workingSetMb, perMinute }),
  };
}

const rounded = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Math.round(value);
