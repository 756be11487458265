// What happens on the recorder thread, told once to all: to main, and to whoever listens on this thread.
import type { LensEvent, ToldEvent } from '../telemetry/events.ts';
import { stamped } from '../telemetry/stamp.ts';

export interface Told {
  /** Main hears it when its loop turns. */
  tell(event: LensEvent): void;
  /** Every event that is told on this thread; returns the undo. */
  onTold(listener: (event: ToldEvent) => void): () => void;
}

export function createTold(toMain: (event: ToldEvent) => void): Told {
  const listeners = new Set<(event: ToldEvent) => void>();
  return {
    tell(event) {
      const told = stamped(event, Date.now());
      toMain(told);
      for (const listener of listeners) listener(told);
    },
    onTold(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
