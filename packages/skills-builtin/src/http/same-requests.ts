// Requests for the very same thing that are in flight at the same time, and for how long there was none before: what a
// cache keeps is asked for once, and then by nobody for a while. Bounded; without a timer.

// Taken at load: a user's fake timers must not move the times.
const now = performance.now.bind(performance);

const MAX_KEYS = 500;

interface Crowd {
  count: number;
  peak: number;
  requests: number;
  startedAt: number;
  /** When the last of them had ended; 0 before that. */
  endedAt: number;
  /** -1 when it is the first that is known of. */
  quietMs: number;
}

export interface Burst {
  readonly key: string;
  /** So many at the same time. */
  readonly peak: number;
  readonly requests: number;
  readonly lastedMs: number;
  readonly quietMs: number;
}

export interface SameRequests {
  /** How many of the same are in flight now, with this one. */
  begun(request: object, key: string): number;
  /** The burst that is over with this one; undefined while others go on. */
  ended(request: object): Burst | undefined;
}

export function watchSame(): SameRequests {
  const keys = new WeakMap<object, string>();
  const crowds = new Map<string, Crowd>();
  return {
    begun(request, key) {
      const known = crowds.get(key);
      const crowd = known ?? makeRoom(crowds, key);
      if (crowd === undefined) return 0;
      keys.set(request, key);
      if (crowd.count === 0) begin(crowd);
      crowd.count += 1;
      crowd.requests += 1;
      crowd.peak = Math.max(crowd.peak, crowd.count);
      return crowd.count;
    },
    ended(request) {
      const key = keys.get(request);
      const crowd = key === undefined ? undefined : crowds.get(key);
      if (key === undefined || crowd === undefined) return undefined;
      keys.delete(request);
      crowd.count -= 1;
      if (crowd.count > 0) return undefined;
      crowd.endedAt = now();
      const { peak, requests, quietMs, startedAt, endedAt } = crowd;
      return { key, peak, requests, quietMs, lastedMs: Math.round(endedAt - startedAt) };
    },
  };
}

function begin(crowd: Crowd): void {
  crowd.startedAt = now();
  crowd.quietMs = crowd.endedAt === 0 ? -1 : Math.round(crowd.startedAt - crowd.endedAt);
  crowd.peak = 0;
  crowd.requests = 0;
}

/** The oldest goes, unless it goes on: then what is new is not looked at. */
function makeRoom(crowds: Map<string, Crowd>, key: string): Crowd | undefined {
  if (crowds.size >= MAX_KEYS) {
    const [oldest] = crowds;
    if (oldest === undefined || oldest[1].count > 0) return undefined;
    crowds.delete(oldest[0]);
  }
  const crowd = { count: 0, peak: 0, requests: 0, startedAt: 0, endedAt: 0, quietMs: -1 };
  crowds.set(key, crowd);
  return crowd;
}
