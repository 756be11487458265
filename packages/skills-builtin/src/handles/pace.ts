// Keeps what is done over and over below a share of the time: after something dear it asks for a longer pause.
import { min } from '../statistics.ts';

// Taken at load: a user's fake timers must not move it.
const clock = performance.now.bind(performance);

/** A twentieth of a percent of a core; while something seems wrong two percent. */
const PAUSE_PER_COST = 2_000;
const EAGER_PAUSE_PER_COST = 50;
const MAX_PAUSE_MS = 60_000;
/** The lowest of so many costs counts: the first ones are of code that is not compiled yet. */
const COSTS = 3;

export interface Pace {
  /** @param isEager whether something seems wrong */
  isDue(isEager?: boolean): boolean;
  /** Does it, and learns its cost. */
  run<T>(work: () => T): T;
  /** Learns a cost that was measured elsewhere, in ms. */
  spent(costMs: number): void;
}

/** @param leastMs the shortest pause */
export function createPace(leastMs: number): Pace {
  let doneAt = Number.NEGATIVE_INFINITY;
  let costs: readonly number[] = [0, 0];
  const spent = (costMs: number): void => {
    costs = [...costs, costMs].slice(-COSTS);
    doneAt = clock();
  };
  return {
    spent,
    isDue(isEager = false) {
      const pauseMs = min(costs) * (isEager ? EAGER_PAUSE_PER_COST : PAUSE_PER_COST);
      return clock() - doneAt >= Math.min(MAX_PAUSE_MS, Math.max(leastMs, pauseMs));
    },
    run(work) {
      const before = process.threadCpuUsage();
      try {
        return work();
      } finally {
        // Not the time that passed: on a busy machine most of that is waiting, and then is when we must look.
        const { user, system } = process.threadCpuUsage(before);
        spent((user + system) / 1_000);
      }
    },
  };
}
