// The readings of the last hour, so that growth is told from what was, not from two looks. One timer, which keeps
// nothing alive: every 5 s, sooner while the number of descriptors moves, and more seldom where a reading is dear.
import { type Ages, createAges } from './ages.ts';
import type { Point } from './growth.ts';
import { createPace } from './pace.ts';
import type { Descriptors, ProcReader } from './proc-reader.ts';
import { type Reading, takeReading } from './reading.ts';

const TICK_MS = 1_000;
const INTERVAL_MS = 5_000;
/** So many opened or closed since the last reading are worth one now. */
const MOVED = 5;
const KEPT_MS = 60 * 60_000;
const CAPACITY = 1_200;

export interface DescriptorHistory {
  readonly ages: Ages;
  /** A new reading, unless the last one is younger than a second or was dear; undefined where there is no /proc. */
  latest(): Reading | undefined;
  /** Oldest first. */
  readings(): readonly Reading[];
  /** The descriptors as they are now; nothing is kept. */
  look(): Descriptors | undefined;
  tick(): void;
}

export function createDescriptorHistory(reader: ProcReader, now: () => number): DescriptorHistory {
  const ages = createAges();
  const pace = createPace(TICK_MS - 50);
  let readings: Reading[] = [];
  const take = (): void => {
    const atMs = now();
    const reading = pace.run(() => {
      const descriptors = reader.descriptors();
      return descriptors && takeReading({ reader, descriptors, ages, atMs });
    });
    if (reading !== undefined) readings = thinned([...readings, reading], atMs);
  };
  const isMoved = ({ open }: Reading): boolean => Math.abs((reader.quickCount() ?? open) - open) >= MOVED;
  return {
    ages,
    latest() {
      if (pace.isDue()) take();
      return readings.at(-1);
    },
    readings: () => readings,
    look: () => reader.descriptors(),
    tick() {
      const last = readings.at(-1);
      const isOld = last === undefined || now() - last.atMs >= INTERVAL_MS - TICK_MS / 2;
      if (pace.isDue() && (isOld || isMoved(last))) take();
    },
  };
}

/** Starts the ticking of all that keeps a history. */
export function everySecond(tick: () => void): void {
  tick();
  setInterval(tick, TICK_MS).unref();
}

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
