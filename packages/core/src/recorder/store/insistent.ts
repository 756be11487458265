// What this thread itself writes to the store: at once, and what the store does not take is offered again until it does.
import type { Clock } from '../../actor/clock.ts';

export interface Insistent {
  /**
   * @param key a later write of the same key takes the place of one that waits.
   * @returns whether it is written; it never throws.
   */
  write(key: string, work: () => void): boolean;
  /** What waits is offered once more, and no more after that. */
  close(): void;
}

const LATER_MS = 1_000;
const LONGEST_LATER_MS = 10_000;
/** The oldest of more are given up. */
const MAX_WAITING = 200;

export function createInsistent(clock: Clock): Insistent {
  const waiting = new Map<string, () => void>();
  let disarm: (() => void) | undefined;
  const arm = (ms: number): void => {
    disarm = clock.after(ms, () => {
      disarm = undefined;
      offer();
      if (waiting.size > 0) arm(Math.min(2 * ms, LONGEST_LATER_MS));
    });
  };
  /** The first that is refused tells of all. */
  const offer = (): void => {
    for (const [key, work] of waiting) {
      if (!isDone(work)) return;
      waiting.delete(key);
    }
  };
  return {
    write(key, work) {
      waiting.delete(key);
      if (isDone(work)) return true;
      waiting.set(key, work);
      const [oldest] = waiting.keys();
      if (waiting.size > MAX_WAITING && oldest !== undefined) waiting.delete(oldest);
      if (disarm === undefined) arm(LATER_MS);
      return false;
    },
    close() {
      disarm?.();
      offer();
      waiting.clear();
    },
  };
}

/** Whoever owns the store tells people of its trouble. */
function isDone(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
