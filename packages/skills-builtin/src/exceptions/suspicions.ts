// When an error is more than an app's everyday life: the thresholds, with their sources. No number of errors is wrong for
// every app, so an error is compared with itself. Pure.
import { SERIES_MS } from '../logger/series.ts';
import { type Fingerprint, RUN_GAP_MS } from './fingerprints.ts';

const MINUTE_MS = 60_000;

/** Fewer in a minute are single failures, whatever is usual (as logger.error_burst). */
const MIN_BURST = 10;
const TIMES = 3;
/** Shewhart's rule: three standard deviations; of a count (Poisson) that is its mean's root. */
const DEVIATIONS = 3;
/** Less than two minutes before the last one do not tell what is usual. */
const MIN_BASELINE_MS = 2 * MINUTE_MS;
/** Every fifth request fails in one way: our own choice, far above what a service level allows (1 % at most). */
const FAILING_SHARE = 0.2;

/** Our own choice: five times within one run of three seconds at least is no single failure, and no glitch. */
const MIN_REPEATS = 5;
const MIN_RUN_MS = 3_000;
/** First seen so long ago it is no news. */
const NEWS_MS = 5 * MINUTE_MS;
/** An error that has always come at random stays away for ten times its mean gap once in 22,000 times (e^-10). */
const QUIET_GAPS = 10;

/** What is known of the app around its errors. */
export interface Times {
  readonly nowMs: number;
  readonly startedAtMs: number;
  /** HTTP requests since the start, and in the last minute; 0 where nobody counts, or none came. */
  readonly requests: number;
  readonly requests1m: number;
}

export interface Usual {
  /** Of the minutes before the last one, 14 at most; undefined while there are less than two. */
  readonly perMinute: number | undefined;
  readonly minutes: number;
}

export function usualOf({ series }: Fingerprint, { nowMs, startedAtMs }: Times): Usual {
  const beforeMs = Math.min(SERIES_MS, nowMs - startedAtMs) - MINUTE_MS;
  if (beforeMs < MIN_BASELINE_MS) return { perMinute: undefined, minutes: 0 };
  const before = series.sum(SERIES_MS, nowMs) - series.sum(MINUTE_MS, nowMs);
  return { perMinute: before / (beforeMs / MINUTE_MS), minutes: beforeMs / MINUTE_MS };
}

/** Of the requests of the last minute; undefined where nobody counts them. */
export const shareOf = ({ series }: Fingerprint, { nowMs, requests1m }: Times): number | undefined =>
  requests1m === 0 ? undefined : Math.min(1, series.sum(MINUTE_MS, nowMs) / requests1m);

export function isBurst(fingerprint: Fingerprint, times: Times): boolean {
  const last1m = fingerprint.series.sum(MINUTE_MS, times.nowMs);
  if (!isJudged(fingerprint) || last1m < MIN_BURST || !isGoingOn(fingerprint, times)) return false;
  if ((shareOf(fingerprint, times) ?? 0) >= FAILING_SHARE) return true;
  const { perMinute } = usualOf(fingerprint, times);
  if (perMinute === undefined || perMinute === 0) return false;
  return last1m >= TIMES * perMinute && last1m > perMinute + DEVIATIONS * Math.sqrt(perMinute);
}

/** Not there before, and repeated since. What is seen for the first time soon after the start may be as old as the app. */
export function isNew(fingerprint: Fingerprint, times: Times): boolean {
  const { count, firstSeenMs, lastSeenMs, requestsBefore } = fingerprint;
  if (!isJudged(fingerprint) || count < MIN_REPEATS || times.nowMs - firstSeenMs > NEWS_MS) return false;
  if (!isGoingOn(fingerprint, times)) return false;
  const gapMs = (lastSeenMs - firstSeenMs) / (count - 1);
  if (firstSeenMs - times.startedAtMs < QUIET_GAPS * gapMs) return false;
  // Before there were requests there was nothing to fail.
  const requestsSince = times.requests - requestsBefore;
  return times.requests === 0 || requestsBefore >= (QUIET_GAPS * requestsSince) / count;
}

/** What nobody caught is judged by checks of its own, from the first few on. */
const isJudged = ({ example }: Fingerprint): boolean => example.kind === 'handled' && !example.isExpected;

function isGoingOn({ runStartedMs, lastSeenMs }: Fingerprint, { nowMs }: Times): boolean {
  return lastSeenMs - runStartedMs >= MIN_RUN_MS && nowMs - lastSeenMs <= RUN_GAP_MS;
}
