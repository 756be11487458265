// How much of main's time something takes by itself: on a machine without a free core, what is timed by the clock contains
// main's waiting for one, and nothing so much as a write, because it wakes a reader that takes the core. What main had
// of the machine is read, the rest is pure.
import { readFileSync } from 'node:fs';

/** Counters, in ms. */
export interface MainUse {
  readonly ranMs: number;
  /** How long main could have run but had to wait for a core; 0 where the kernel does not tell. */
  readonly waitedMs: number;
}

/** `/proc/self` is main, also when another thread reads it; about 10 µs. */
export function readMainUse(): MainUse {
  try {
    const [ranNs = 0, waitedNs = 0] = readFileSync('/proc/self/schedstat', 'latin1').split(' ').map(Number);
    return { ranMs: ranNs / 1e6, waitedMs: waitedNs / 1e6 };
  } catch {
    return { ranMs: 0, waitedMs: 0 };
  }
}

export interface Shares {
  /** Of a window, 0 to 100. */
  readonly ranPercent: number;
  readonly waitedPercent: number;
}

/**
 * Of the time in which main did not wait for a core, 0 to 100: what main did waits like all that it does, and for no
 * longer than main did.
 *
 * @param percent of the window, by the clock
 */
export function ownPercent(percent: number, { ranPercent, waitedPercent }: Shares): number {
  if (waitedPercent <= 0) return percent;
  const evenly = (percent * ranPercent) / (ranPercent + waitedPercent);
  const own = Math.max(evenly, percent - waitedPercent);
  return Math.min(100, (100 * own) / Math.max(1, 100 - waitedPercent));
}
