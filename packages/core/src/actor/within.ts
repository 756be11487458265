// Waiting for an end that may not come. Holds the process meanwhile.

// Taken at load, so that it ends even under a test's fake timers.
const startTimer = setTimeout;
const stopTimer = clearTimeout;

/** Resolves (never rejects) when `event` has settled, at the latest after `ms`. */
export async function within(ms: number, event: Promise<unknown>): Promise<void> {
  const { promise: tooLate, resolve } = Promise.withResolvers<void>();
  const timer = startTimer(resolve, ms);
  await Promise.race([Promise.allSettled([event]), tooLate]);
  stopTimer(timer);
}
