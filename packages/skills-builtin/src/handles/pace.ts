// Keeps what is done over and over below a share of the time: after something dear it asks for a longer pause. Pure but
// for the clock.

// Taken at load: a user's fake timers must not move it.
const clock = performance.now.bind(performance);

/** What took 1 ms may be done again after 1 s. */
const PAUSE_PER_COST = 1_000;

export interface Pace {
  isDue(): boolean;
  /** Does it, and learns its cost. */
  run<T>(work: () => T): T;
  /** Learns a cost that was measured elsewhere, in ms. */
  spent(costMs: number): void;
}

/** @param leastMs the shortest pause */
export function createPace(leastMs: number): Pace {
  let dueAt = 0;
  const spent = (costMs: number): void => {
    dueAt = clock() + Math.max(leastMs, costMs * PAUSE_PER_COST);
  };
  return {
    isDue: () => clock() >= dueAt,
    run(work) {
      const startedAt = clock();
      try {
        return work();
      } finally {
        spent(clock() - startedAt);
      }
    },
    spent,
  };
}
