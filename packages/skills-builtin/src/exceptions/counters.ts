// The meaning of the numbers that the probe and the recorder share; they are right also while main is blocked and when
// errors are too many to be told one by one.

/** Positions in `ProbeFeed.numbers`; counters since the start, but for `spans`. */
export const slot = {
  uncaught: 0,
  rejection: 1,
  handled: 2,
  /** Counted, but not handed over. */
  untold: 3,
  /** One of {@link SPANS}. */
  spans: 4,
} as const;

export const NUMBERS = 5;

export const KINDS = ['uncaught', 'rejection', 'handled'] as const;

/**
 * `uncaught`: nobody caught it. `rejection`: of a promise that nobody handled. `handled`: the app, or a library, got to
 * know of it.
 */
export type Kind = (typeof KINDS)[number];

/** Whether the spans of OpenTelemetry are watched. */
export const SPANS = ['absent', 'watched', 'unknown provider'] as const;
