// The numbers of the probe `requests`: written on main, read by the skills at any time, also while main is blocked.

/** Positions in `ProbeFeed.numbers`; counters since the start. In flight = started - finished - aborted (failed). */
export const slot = {
  serverStarted: 0,
  /** Responses that were sent whole. */
  serverFinished: 1,
  /** Closed before the response was sent whole. */
  serverAborted: 2,
  server4xx: 3,
  server5xx: 4,
  clientStarted: 5,
  /** Answers that were received whole. */
  clientFinished: 6,
  /** Ended by an error: refused, reset, timed out, aborted. */
  clientFailed: 7,
  client4xx: 8,
  client5xx: 9,
  /** Connections that the servers hold. */
  serverConnections: 10,
  /** Not a counter: when the oldest in flight began, as performance.timeOrigin + performance.now(); 0 without one. Of a server: of those without a place. */
  serverOldestAtMs: 11,
  clientOldestAtMs: 12,
  /** Not a counter: requests in flight that have no connection yet, or whose body is not written yet. */
  clientWaiting: 13,
  /** Large requests to the servers that were not told one by one. */
  serverLargeUntold: 14,
} as const;

/**
 * Two histograms of durations, behind the counters: bucket i counts what took less than 2^i / 4 ms. Of a server until
 * the response was sent whole; of a client until the headers of the answer came.
 */
export const BUCKETS = 24;
export const SERVER_DURATIONS = 16;
export const CLIENT_DURATIONS: number = SERVER_DURATIONS + BUCKETS;
/** Behind them nothing is a counter. */
export const COUNTERS: number = CLIENT_DURATIONS + BUCKETS;

/**
 * Places of connections to servers, behind all counters: when the request in flight on each began, as
 * {@link slot.serverOldestAtMs}; 0 without one. To enter and leave a place touches no other request, where an ordered
 * list touches two more: of a request of 14 us that was 0.2 us.
 */
export const PLACES = 256;
export const NUMBERS: number = COUNTERS + PLACES;

/** When the oldest request that is served now began; 0 without one. */
export function oldestServedAtMs(numbers: Float64Array): number {
  let oldest = numbers[slot.serverOldestAtMs] || Number.POSITIVE_INFINITY;
  for (let index = COUNTERS; index < NUMBERS; index += 1) {
    const at = numbers[index] || Number.POSITIVE_INFINITY;
    if (at < oldest) oldest = at;
  }
  return oldest === Number.POSITIVE_INFINITY ? 0 : oldest;
}
