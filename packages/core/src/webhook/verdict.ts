// What becomes of a message after an attempt. Pure.

export type Outcome =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter?: string }
  /** Nobody answered. */
  | { readonly kind: 'unreachable'; readonly reason: string };

export type Verdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly afterMs: number; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Four minutes in all. */
const PAUSES_MS = [2_000, 6_000, 18_000, 54_000, 162_000];
/** A receiver may put us off for so long, in ms. */
const LONGEST_PAUSE_MS = 900_000;
const PASSING = new Set([408, 425, 429]);

/**
 * @param attempt from 1.
 * @param now.random 0 to 1: a pause is between three and five quarters of its nominal length.
 */
export function judge(
  outcome: Outcome,
  attempt: number,
  now: { readonly atMs: number; readonly random: number },
): Verdict {
  if (outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300)
    return { kind: 'delivered' };
  const reason = outcome.kind === 'answered' ? saying(outcome.status) : outcome.reason;
  const pauseMs = PAUSES_MS[attempt - 1];
  if (pauseMs === undefined) return { kind: 'failed', reason: `${reason} (${attempt} attempts).` };
  if (!isPassing(outcome)) return { kind: 'failed', reason: `${reason}.` };
  const askedMs = outcome.kind === 'answered' ? readRetryAfter(outcome.retryAfter, now.atMs) : undefined;
  const ownMs = Math.round(pauseMs * (0.75 + now.random / 2));
  return { kind: 'retry', afterMs: Math.min(Math.max(ownMs, askedMs ?? 0), LONGEST_PAUSE_MS), reason };
}

const saying = (status: number): string =>
  status >= 300 && status < 400 ? `it redirects (${status}), which is not followed` : `it answered ${status}`;

const isPassing = (outcome: Outcome): boolean =>
  outcome.kind === 'unreachable' || outcome.status >= 500 || PASSING.has(outcome.status);

/** Seconds or a date, as ms from now. */
function readRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  return Number.isFinite(ms) ? ms : undefined;
}
