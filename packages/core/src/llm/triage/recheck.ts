// When incomplete evidence is looked at again. Pure.

/** Left to report and finish, in ms. */
const RESERVE_MS = 10_000;
/** A check that asks for less would burn the iterations of the run. */
const MIN_WAIT_MS = 250;
/** From the fourth wait on each is half as long again, so that the iterations of a run are enough. */
const EVEN_WAITS = 3;
/** Waiting of one round in all where the evidence can only be gathered over and over, in ms. */
const MAX_WAITING_MS = 60_000;
/** A script that waits by itself needs a pause only in case that it comes back early each time, in ms. */
const MAX_PAUSE_MS = 2_000;
/** Longest waiting inside of one script, in ms: it has a wall clock. */
const MAX_SITTING_MS = 20_000;
/** Looks of one round by scripts that wait; with 25 iterations the rest of a round still fits. */
const MAX_LOOKS = 15;

/** One further look. */
export interface Look {
  /** Before it, in ms. */
  readonly pauseMs: number;
  /** How long each of its scripts may sit, in ms. */
  readonly maxWaitMs: number;
}

export interface Looking {
  /** What the check asks for, in ms. */
  readonly askedMs: number;
  /** Pauses before the earlier looks of this round, in ms. */
  readonly pauses: readonly number[];
  /** Time left of the run, in ms. */
  readonly remainingMs: number;
  /** How many scripts of the look wait by themselves. */
  readonly sitting: number;
}

/** Undefined when there is no time for another look. */
export function nextLook({ askedMs, pauses, remainingMs, sitting }: Looking): Look | undefined {
  const growth = 1.5 ** Math.max(0, pauses.length - EVEN_WAITS + 1);
  const grownMs = Math.round(Math.max(askedMs, MIN_WAIT_MS) * growth);
  const leftMs = remainingMs - RESERVE_MS;
  if (sitting === 0) {
    const pausedMs = pauses.reduce((sum, one) => sum + one, 0);
    const isInTime = pausedMs + grownMs <= MAX_WAITING_MS && grownMs <= leftMs;
    return isInTime ? { pauseMs: grownMs, maxWaitMs: 0 } : undefined;
  }
  const pauseMs = Math.min(grownMs, Math.max(askedMs, MAX_PAUSE_MS));
  const maxWaitMs = Math.min(MAX_SITTING_MS, Math.floor((leftMs - pauseMs) / sitting));
  return pauses.length < MAX_LOOKS && maxWaitMs > 0 ? { pauseMs, maxWaitMs } : undefined;
}
