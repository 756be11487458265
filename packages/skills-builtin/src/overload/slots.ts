// The numbers of the probe `queues`, read by the recorder.

/** Positions in `ProbeFeed.numbers`. */
export const queueSlot = {
  /** Calls of `listen` that succeeded. */
  listens: 0,
} as const;
export const QUEUE_NUMBERS = 1;
