// The readings of the last 50 minutes or more, so that counters can be told as rates and sizes as growth. Times between two
// readings are taken from the monotonic clock: the other one may be set.

import { type CgroupReading, readCgroup } from './cgroup.ts';
import { type CgroupPlace, findCgroup } from './cgroup-place.ts';
import { type HostReading, readHost } from './host.ts';
import type { Machine } from './machine.ts';

export interface Reading {
  readonly atMs: number;
  /** On the monotonic clock. */
  readonly monotonicMs: number;
  readonly host: HostReading;
  readonly cgroup: CgroupReading | undefined;
}

const CAPACITY = 600;
/** Of two readings, while the process is in use. */
export const INTERVAL_MS = 5_000;
/** From two readings that are nearer to each other no rate is taken. */
const MIN_SPAN_MS = 900;

export interface SystemHistory {
  /** Reads and keeps it. */
  take(): Reading;
  /** Reads; nothing is kept. */
  now(): Reading;
  /** Newest first, of the last `windowMs`. */
  since(windowMs: number): readonly Reading[];
  /** The oldest reading of the window: what `now` is compared with. Undefined while too young. */
  before(now: Reading, windowMs: number): Reading | undefined;
}

export function createHistory(machine: Machine): SystemHistory {
  const place: CgroupPlace | undefined = findCgroup(machine.reader);
  // Oldest first; trimmed in bulk.
  let readings: Reading[] = [];
  const read = (): Reading => ({
    atMs: machine.clocks.wallMs(),
    monotonicMs: machine.clocks.monotonicMs(),
    host: readHost(machine.reader),
    cgroup: place && readCgroup(machine.reader, place),
  });
  return {
    take() {
      const reading = read();
      readings.push(reading);
      if (readings.length >= CAPACITY * 2) readings = readings.slice(-CAPACITY);
      return reading;
    },
    now: read,
    since: (windowMs) => {
      const from = machine.clocks.monotonicMs() - windowMs;
      return readings
        .slice(-CAPACITY)
        .filter(({ monotonicMs }) => monotonicMs >= from)
        .reverse();
    },
    before: (now, windowMs) => {
      // A reading may have come a little late; half an interval is as good. At rest the newest one may be older.
      const from = now.monotonicMs - windowMs - INTERVAL_MS / 2;
      const found = readings.find(({ monotonicMs }) => monotonicMs >= from) ?? readings.at(-1);
      return found !== undefined && now.monotonicMs - found.monotonicMs >= MIN_SPAN_MS ? found : undefined;
    },
  };
}
