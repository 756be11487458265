// Those who wait until stalls have ended and have their names.

export interface StallWaiters {
  /** Resolves when all of `open` have been released; or after `maxWaitMs`, or on abort; at once when there is none. */
  wait(open: Set<string>, maxWaitMs: number, signal: AbortSignal): Promise<void>;
  /** The stall of this id has its name. */
  release(id: string): void;
  releaseAll(): void;
}

interface Waiter {
  /** Ids of the stalls that it still waits for. */
  readonly open: Set<string>;
  readonly done: () => void;
}

export function createStallWaiters(): StallWaiters {
  const waiters = new Set<Waiter>();
  return {
    wait(open, maxWaitMs, signal) {
      if (open.size === 0 || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          waiters.delete(waiter);
          resolve();
        };
        const waiter: Waiter = { open, done };
        const timer = setTimeout(done, maxWaitMs);
        signal.addEventListener('abort', done);
        waiters.add(waiter);
      });
    },
    release(id) {
      for (const { open, done } of [...waiters]) {
        open.delete(id);
        if (open.size === 0) done();
      }
    },
    releaseAll() {
      for (const { done } of [...waiters]) done();
    },
  };
}
