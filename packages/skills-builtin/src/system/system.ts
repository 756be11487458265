// What the skill watches with, kept up to date: a reading every 5 s, the clocks every second, the disks every 5 s.
import type { Pulse } from '../every-seconds.ts';
import { type ClockWatch, createClockWatch } from './clock-watch.ts';
import { createDiskWatch, DISK_INTERVAL_MS, type DiskWatch } from './disks.ts';
import { createHistory, INTERVAL_MS, type SystemHistory } from './history.ts';
import type { Machine } from './machine.ts';
import { type MemoryHolders, watchMemoryHolders } from './memory-holders.ts';

const TICK_MS = 1_000;

export interface System {
  readonly machine: Machine;
  readonly history: SystemHistory;
  readonly disks: DiskWatch;
  readonly clock: ClockWatch;
  readonly holders: MemoryHolders;
}

export function watchSystem(machine: Machine, pulse: Pulse): System {
  const system = {
    machine,
    history: createHistory(machine),
    disks: createDiskWatch(machine),
    clock: createClockWatch(machine.clocks),
    holders: watchMemoryHolders(machine),
  };
  let ticks = 0;
  const tick = (): void => {
    system.clock.look();
    if ((ticks * TICK_MS) % INTERVAL_MS === 0) system.holders.look(system.history.take());
    if ((ticks * TICK_MS) % DISK_INTERVAL_MS === 0) void system.disks.refresh(0);
    ticks += 1;
  };
  tick();
  pulse.everySecond(tick);
  return system;
}
