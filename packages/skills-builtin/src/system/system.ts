// What the skill watches with, kept up to date: the clocks every second, a reading and the disks every 5 s, every 15 s
// while the process is at rest and its container has room: a reading takes 1 to 2 ms of the recorder thread.
import { everyFewSeconds, type Pulse } from '../every-seconds.ts';
import { type ClockWatch, createClockWatch } from './clock-watch.ts';
import { createDiskWatch, type DiskWatch } from './disks.ts';
import { createHistory, INTERVAL_MS, type Reading, type SystemHistory } from './history.ts';
import type { Machine } from './machine.ts';
import { type MemoryHolders, watchMemoryHolders } from './memory-holders.ts';
import { effectiveLimitMb } from './memory-limit.ts';

const INTERVAL_SECONDS = INTERVAL_MS / 1_000;
const RESTING_SECONDS = 15;
/** Share of a container's memory in use from which on its growth is followed closely: a forecast counts from 0.7 on. */
const ROOM_SHARE = 0.5;

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
  let last: Reading | undefined;
  const take = (): void => {
    last = system.history.take();
    system.holders.look(last);
    void system.disks.refresh(0);
  };
  const mayWait = (): boolean => last !== undefined && hasRoom(last);
  system.clock.look();
  take();
  pulse.everySecond(system.clock.look);
  everyFewSeconds(pulse, { inUse: INTERVAL_SECONDS, atRest: RESTING_SECONDS, mayWait }, take);
  return system;
}

function hasRoom(reading: Reading): boolean {
  const limitMb = effectiveLimitMb(reading) ?? Number.POSITIVE_INFINITY;
  return (reading.cgroup?.memory.workingSetMb ?? 0) < ROOM_SHARE * limitMb;
}
