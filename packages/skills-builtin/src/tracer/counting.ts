// Counts the calls of a few functions on main, each until its limit. The cheapest that a breakpoint's condition can do.
import { BURST, bellOf, CALLS, type CountOptions, MAX_CALLS_PER_SECOND, OVER_AT } from './protocol.ts';

const now = performance.now.bind(performance);

export interface Counting {
  /** A call of the function with this number; for conditions. */
  hit(index: number): false;
}

export function startCounting({ functions, maxMs }: CountOptions, numbers: Float64Array): Counting {
  const startedAt = now();
  const bell = bellOf(numbers);
  numbers.fill(0, CALLS, CALLS + functions);
  numbers.fill(0, OVER_AT, OVER_AT + functions);
  return {
    hit(index) {
      const elapsedMs = now() - startedAt;
      const isOver = elapsedMs > maxMs || index >= functions || (numbers[OVER_AT + index] ?? 0) > 0;
      if (isOver) return false;
      const calls = (numbers[CALLS + index] ?? 0) + 1;
      numbers[CALLS + index] = calls;
      if (calls > BURST + (MAX_CALLS_PER_SECOND * elapsedMs) / 1000) {
        numbers[OVER_AT + index] = Math.max(elapsedMs, Number.MIN_VALUE);
        ring(bell);
      }
      return false;
    },
  };
}

/** Wakes the recorder. */
export function ring(bell: Int32Array): void {
  Atomics.add(bell, 0, 1);
  Atomics.notify(bell, 0);
}
