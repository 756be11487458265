// The snapshot: the machine around the process in one flat object. A disk that does not answer at once is told as it
// was some seconds ago.
import type { JsonObject, RecorderContext } from '@nodelens/core';
import { cpuFigures } from './cpu-figures.ts';
import type { DiskFigures } from './disks.ts';
import type { Reading } from './history.ts';
import { memoryFigures } from './memory-figures.ts';
import type { System } from './system.ts';

const WINDOW_MS = 30_000;
const DISK_PATIENCE_MS = 100;
const STEPS_MS = 10 * 60_000;

export async function snapshotOf(system: System, context: RecorderContext): Promise<JsonObject> {
  await system.disks.refresh(DISK_PATIENCE_MS);
  const now = system.history.now();
  return {
    ...cpuFigures(system, context, { now, windowMs: WINDOW_MS }),
    ...memoryFigures(system, now),
    ioPressureFull10sPercent: now.host.ioPressure?.full10sPercent,
    ...fullestDisk(system.disks.figures()),
    ...clockFigures(system),
    unavailable: unavailable(system, now),
  };
}

function fullestDisk(disks: readonly DiskFigures[]): JsonObject {
  const [fullest] = disks.toSorted((a, b) => b.usedPercent - a.usedPercent);
  const byInodes = disks
    .filter(({ inodesUsedPercent }) => inodesUsedPercent !== undefined)
    .toSorted((a, b) => (b.inodesUsedPercent ?? 0) - (a.inodesUsedPercent ?? 0))[0];
  const soonest = disks
    .filter(({ minutesUntilFull }) => minutesUntilFull !== undefined)
    .toSorted((a, b) => (a.minutesUntilFull ?? 0) - (b.minutesUntilFull ?? 0))[0];
  return {
    diskRanOut: disks.find(({ ranOut }) => ranOut !== null)?.path ?? null,
    diskFullest: fullest?.path,
    diskUsedPercent: fullest?.usedPercent,
    diskAvailableMb: fullest?.availableMb,
    minutesUntilDiskFull: soonest?.minutesUntilFull,
    inodesFullest: byInodes?.path,
    inodesUsedPercent: byInodes?.inodesUsedPercent,
  };
}

function clockFigures({ clock }: System): JsonObject {
  const steps = clock.since(STEPS_MS);
  const largest = steps.toSorted((a, b) => Math.abs(b.stepMs) - Math.abs(a.stepMs))[0];
  return { clockSteps10m: steps.length, clockLargestStep10mMs: largest?.stepMs ?? 0 };
}

function unavailable({ disks }: System, { host, cgroup }: Reading): readonly string[] {
  const missing = [
    host.ticks === undefined && '/proc/stat',
    host.mainWaitedMs === undefined && '/proc/self/schedstat',
    host.cpuPressure === undefined && '/proc/pressure',
    cgroup === undefined && 'cgroup',
    cgroup !== undefined && cgroup.cpu.pressure === undefined && 'cgroup pressure',
  ].filter((name) => name !== false);
  return [...missing, ...disks.unavailable];
}
