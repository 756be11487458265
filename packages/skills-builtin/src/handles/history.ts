// The readings of the last hour, so that growth is told from what was, not from two looks. Descriptors every 5 s, each
// second while their number moves, every 15 s while it stays. The kernel's TCP table more seldom: it takes 5 to 40 ms on a machine with a large
// hash table, however few connections there are.
import { type Ages, createAges } from './ages.ts';
import type { Point } from './growth.ts';
import { createPace } from './pace.ts';
import type { Descriptors, ProcReader } from './proc-reader.ts';
import { type ConnectionReading, connectionReading, type Reading, readingOf } from './reading.ts';

const TICK_MS = 1_000;
const LEAST_MS = TICK_MS - 50;
const INTERVAL_MS = 5_000;
/** While as many are open as before; listing them takes 1 ms in a process at rest. */
const SAME_COUNT_MS = 15_000;
/** So many opened or closed since the last reading are worth one now. */
const MOVED = 5;
/** So many more sockets than there have been, or connections that are not closed, are worth dear ones, for a while. */
const SUSPICIOUS = 20;
const SUSPECTED_MS = 15_000;
/** While the same sockets are open, only their states can have changed: an answer that nobody closes is told a minute later at most. */
const SAME_SOCKETS_MS = 60_000;
const KEPT_MS = 60 * 60_000;
const CAPACITY = 1_200;

export interface DescriptorHistory {
  readonly ages: Ages;
  /** Undefined where there is no /proc. */
  latest(): Reading | undefined;
  latestConnections(): ConnectionReading | undefined;
  /** Oldest first. */
  readings(): readonly Reading[];
  /** Oldest first. */
  connections(): readonly ConnectionReading[];
  /** The descriptors as they are now; nothing is kept. `every`: as coarse as an earlier look. */
  look(every?: number): Descriptors | undefined;
  tick(): void;
}

export function createDescriptorHistory(reader: ProcReader, now: () => number): DescriptorHistory {
  const ages = createAges();
  const pace = createPace(LEAST_MS);
  let readings: Reading[] = [];
  const table = watchConnections(reader, ages);
  const isDue = (last: Reading, atMs: number): boolean => {
    const count = reader.quickCount();
    const moved = count === undefined ? undefined : Math.abs(count - last.open);
    if (moved !== undefined && moved >= MOVED) return true;
    return atMs - last.atMs >= (moved === 0 ? SAME_COUNT_MS : INTERVAL_MS) - TICK_MS / 2;
  };
  return {
    ages,
    latest: () => readings.at(-1),
    latestConnections: () => table.readings().at(-1),
    readings: () => readings,
    connections: table.readings,
    look: reader.descriptors,
    tick() {
      const atMs = now();
      const last = readings.at(-1);
      if (last !== undefined && !isDue(last, atMs) && !table.isSuspicious(atMs)) return;
      if (!pace.isDue(true)) return;
      const descriptors = pace.run(() => reader.descriptors());
      if (descriptors === undefined) return;
      const reading = readingOf(descriptors, ages, atMs);
      readings = thinned([...readings, reading], atMs);
      if (reading.kinds.socket > 0) table.offer(descriptors, reading);
    },
  };
}

interface ConnectionWatch {
  readings(): readonly ConnectionReading[];
  /** Whether sockets became more than ever, or were left unclosed, a short while ago. */
  isSuspicious(atMs: number): boolean;
  /** Reads the table, if it is time for it. */
  offer(descriptors: Descriptors, reading: Reading): void;
}

function watchConnections(reader: ProcReader, ages: Ages): ConnectionWatch {
  const pace = createPace(LEAST_MS);
  let readings: ConnectionReading[] = [];
  let mostSockets = 0;
  let suspectedUntilMs = 0;
  let known = '';
  return {
    readings: () => readings,
    isSuspicious: (atMs) => atMs < suspectedUntilMs,
    offer(descriptors, { atMs, kinds }) {
      if (kinds.socket >= mostSockets + SUSPICIOUS) {
        mostSockets = kinds.socket;
        suspectedUntilMs = atMs + SUSPECTED_MS;
      }
      const isSuspected = atMs < suspectedUntilMs;
      if (!pace.isDue(isSuspected)) return;
      const sockets = inodesOf(descriptors);
      const last = readings.at(-1);
      const isFresh = last !== undefined && atMs - last.atMs < SAME_SOCKETS_MS;
      if (isFresh && !isSuspected && sockets === known) return;
      known = sockets;
      const table = pace.run(() => reader.tcpTable());
      const reading = connectionReading({ descriptors, table, ages, atMs });
      readings = thinned([...readings, reading], atMs);
      if (reading.closeWait >= SUSPICIOUS) suspectedUntilMs = atMs + SUSPECTED_MS;
    },
  };
}

const inodesOf = ({ sample }: Descriptors): string =>
  sample.flatMap(({ kind, inode }) => (kind === 'socket' ? [inode] : [])).join();

/** When it is full, every other one of the older half goes: an hour stays, the last minutes stay fine. */
export function thinned<T extends { readonly atMs: number }>(kept: T[], nowMs: number): T[] {
  if (kept.length <= CAPACITY) return kept;
  const young = kept.filter(({ atMs }) => nowMs - atMs <= KEPT_MS);
  const half = young.length >> 1;
  return young.filter((_, index) => index >= half || index % 2 === 0);
}

export const pointsOf = <T extends { readonly atMs: number }>(
  readings: readonly T[],
  measure: (reading: T) => number,
): readonly Point[] => readings.map((reading) => ({ atMs: reading.atMs, value: measure(reading) }));
