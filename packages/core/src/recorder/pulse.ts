// One timer for all that is done each second on the recorder thread: each wake-up of its own would cost an idle process
// CPU (decision 006).

const SECOND_MS = 1_000;

export interface Pulse {
  /** Calls the listener each second, with all others, until the returned undo is called. */
  everySecond(listener: () => void): () => void;
  stop(): void;
}

/** Keeps its thread alive until it is stopped. */
export function createPulse(): Pulse {
  const listeners = new Set<() => void>();
  const timer = setInterval(() => {
    for (const listener of listeners) listener();
  }, SECOND_MS);
  return {
    everySecond(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      clearInterval(timer);
    },
  };
}
