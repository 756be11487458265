// What has failed just now, so that a request for the same can be told from others. Bounded; without a timer.

// Taken at load: a user's fake timers must not move the times.
const now = performance.now.bind(performance);

/** Later it is another caller's. */
const AGAIN_MS = 1_000;
const MAX_TARGETS = 200;

export interface FailedTargets {
  note(key: string): void;
  /** How long ago it failed; undefined when it did not, or has been asked for again since. */
  againMs(key: string): number | undefined;
}

export function createFailedTargets(): FailedTargets {
  const failedAt = new Map<string, number>();
  return {
    note(key) {
      failedAt.delete(key);
      if (failedAt.size >= MAX_TARGETS) failedAt.delete(failedAt.keys().next().value as string);
      failedAt.set(key, now());
    },
    againMs(key) {
      const at = failedAt.get(key);
      if (at === undefined) return undefined;
      failedAt.delete(key);
      const passedMs = now() - at;
      return passedMs < AGAIN_MS ? Math.round(passedMs) : undefined;
    },
  };
}
