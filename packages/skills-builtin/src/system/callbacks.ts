// What scripts may ask of the machine. Rates and growth come from the stored readings; only what says so looks anew.
import type { Callback, CallContext, JsonObject, RecorderContext } from '@nodelens/core';
import * as v from 'valibot';
import { processesIn } from './container-processes.ts';
import { cpuFigures } from './cpu-figures.ts';
import { memoryFigures } from './memory-figures.ts';
import type { Pressure } from './proc-text.ts';
import { topProcesses } from './processes.ts';
import { ratesBetween } from './rates.ts';
import type { System } from './system.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** In a second a tick of 10 ms is one percent. */
const LOOK_MS = 1_000;
const DISK_PATIENCE_MS = 200;

const limit = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 10);

export function systemCallbacks(
  system: System,
  context: RecorderContext,
): { readonly [name: string]: Callback } {
  return { ...figures(system, context), ...past(system), ...neighbours(system) };
}

function figures(system: System, context: RecorderContext): { readonly [name: string]: Callback } {
  return {
    system_cpu: {
      description:
        'CPU over a window: CPUs granted (quota, allowed), load, machineBusyPercent, otherCpuPercent and stealPercent (of all CPUs), ownCpuPercent (of one), mainWaitPercent (main waited for a core), throttledPeriodsPercent and throttledMsPerSecond by the cgroup.',
      params: { windowSeconds: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(3_000)), 60) },
      run: (seconds: number) =>
        cpuFigures(system, context, { now: system.history.now(), windowMs: seconds * 1_000 }),
    },
    system_memory: {
      description:
        "Memory in MB: the machine's, the container's limit, working set and growth (memoryMbPerMinute, minutesUntilMemoryLimit), swap, processes killed for want of memory in 10 minutes (killed: pid, name and last rssMb of those that were seen before), oomScore.",
      run: () => {
        const now = system.history.now();
        system.holders.look(now);
        const killed = system.holders.killed().filter(({ atMs }) => now.atMs - atMs <= 10 * MINUTE_MS);
        return { ...memoryFigures(system, now), killed: killed.map((one) => ({ ...one })) };
      },
    },
    system_pressure: {
      description:
        'Pressure stall information: percent of the last 10 and 60 s in which some (or all: full) tasks waited for CPU, memory, IO; of the machine and of the container.',
      run: () => {
        const { host, cgroup } = system.history.now();
        const of = (pressure: Pressure | undefined): JsonObject | null =>
          pressure === undefined ? null : { ...pressure };
        return {
          machine: { cpu: of(host.cpuPressure), memory: of(host.memoryPressure), io: of(host.ioPressure) },
          container: { cpu: of(cgroup?.cpu.pressure), memory: of(cgroup?.memory.pressure) },
        };
      },
    },
    system_disks: {
      description:
        'Disks, the fullest first: path, type, holds (cwd, tmp, or variables of the environment that name a folder on it), totalMb, availableMb, usedPercent, inodesUsedPercent, inodesLeft, ranOut (space or inodes: writing fails with ENOSPC), mbPerMinute, minutesUntilFull. Asked anew, or as they were 5 to 15 s ago where a disk does not answer.',
      run: async () => {
        await system.disks.refresh(DISK_PATIENCE_MS);
        return system.disks.figures().map((disk) => ({ ...disk }));
      },
    },
  };
}

function past({ history, clock }: System): { readonly [name: string]: Callback } {
  return {
    system_history: {
      description:
        'The last intervals of 5 s (15 s while the process was idle), newest first: atMs, machineBusyPercent, stealPercent, mainWaitPercent, throttledPeriodsPercent, memoryWorkingSetMb, memoryAvailableMb.',
      params: { limit },
      run: (count: number) => {
        const readings = history.since(HOUR_MS).slice(0, count + 1);
        return readings.slice(0, -1).map((reading, index) => {
          const rates = ratesBetween(readings[index + 1] ?? reading, reading);
          return {
            atMs: Math.round(reading.atMs),
            machineBusyPercent: rates.machineBusyPercent,
            stealPercent: rates.stealPercent,
            mainWaitPercent: rates.mainWaitPercent,
            throttledPeriodsPercent: rates.throttledPeriodsPercent,
            memoryWorkingSetMb: rounded(reading.cgroup?.memory.workingSetMb),
            memoryAvailableMb: rounded(reading.host.availableMb),
          };
        });
      },
    },
    system_clock_steps: {
      description:
        'Steps of the clock in the last hour, newest first: atMs, stepMs (positive: ahead), kind (set, or suspended: the machine slept).',
      params: { limit },
      run: (count: number) =>
        clock
          .since(HOUR_MS)
          .slice(0, count)
          .map((step) => ({ ...step })),
    },
  };
}

function neighbours({ machine, history }: System): { readonly [name: string]: Callback } {
  return {
    system_top_processes: {
      description:
        'Watches the processes that can be seen (of the machine, outside of a container; 300 at most) for a second; with of = memory or cpu only those of the cgroup whose limit of that binds first: pid, name, cpuPercent of one core, rssMb, threads, relation (self, child, other). Sorted by cpu or memory. Costs about 0.2 ms of CPU for each process looked at, none of main.',
      params: {
        limit,
        by: v.optional(v.picklist(['cpu', 'memory']), 'cpu'),
        of: v.optional(v.picklist(['all', 'cpu', 'memory']), 'all'),
      },
      timeoutMs: 10_000,
      run: (count: number, by: 'cpu' | 'memory', of: 'all' | 'cpu' | 'memory', { signal }: CallContext) => {
        const folder = of === 'all' ? undefined : history.now().cgroup?.[of].folder;
        const pids = folder === undefined ? [] : processesIn(machine.reader, folder);
        const within = pids.length === 0 ? {} : { pids };
        return topProcesses(machine, { by, limit: count, windowMs: LOOK_MS, signal, ...within });
      },
    },
  };
}

const rounded = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Math.round(value);
