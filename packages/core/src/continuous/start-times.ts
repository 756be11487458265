// How long the last starts of threads took, for who starts one ahead of its time.
import type { Clock } from '../actor/clock.ts';

export interface StartTimes {
  /** Runs it; one that succeeds counts. */
  measure<T>(start: () => Promise<T>): Promise<T>;
  readonly leadMs: number;
}

const LATEST = 5;
/** Before the first one. */
const UNKNOWN_MS = 100;
const LEAST_MS = 20;
const MOST_MS = 500;
/** Half of all take longer than the median; a thread that is there a moment too early costs nothing. */
const MARGIN = 1.5;

export function createStartTimes(clock: Clock): StartTimes {
  const elapsed = (): number => clock.elapsed?.() ?? clock.now();
  let latest: readonly number[] = [];
  return {
    async measure(start) {
      const sinceMs = elapsed();
      const started = await start();
      latest = [...latest, elapsed() - sinceMs].slice(-LATEST);
      return started;
    },
    get leadMs() {
      const inOrder = latest.toSorted((a, b) => a - b);
      const median = inOrder[inOrder.length >> 1] ?? UNKNOWN_MS;
      return Math.min(Math.max(MARGIN * median, LEAST_MS), MOST_MS);
    },
  };
}
