// The numbers of the probe: written on main, read by the skill at any time, also while main is blocked.

/** Positions in `ProbeFeed.numbers`. Times are wall-clock ms, 0 when there is none. */
export const slot = {
  /** Copies of `pg` that are watched. */
  watched: 0,
  started: 1,
  finished: 2,
  failed: 3,
  inFlight: 4,
  oldestQueryAtMs: 5,
  /** Clients that are taken out of their pools. */
  held: 6,
  /** Callers that wait for a client of a pool that has none left. */
  waiting: 7,
  oldestWaitAtMs: 8,
  /** Cursors and other objects with a `submit` of their own: not timed. */
  unmeasured: 9,
} as const;

export const NUMBERS = 10;
