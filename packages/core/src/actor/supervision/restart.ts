// The restart policy, pure: who is restarted after which end, when it is too often, and how long to wait.
// The supervisor carries it out; the launcher decides by the same rules.

import { type ExitReason, isClean } from '../exit.ts';
import type { RestartType } from './child-spec.ts';

export type Strategy =
  /** Only the child that ended. */
  | 'one_for_one'
  /** All children. */
  | 'one_for_all'
  /** The child that ended and those that were started after it. */
  | 'rest_for_one';

/** Whether a child that ended by itself comes back. */
export function isRestarted(type: RestartType, reason: ExitReason): boolean {
  switch (type) {
    case 'permanent':
      return true;
    case 'transient':
      return !isClean(reason);
    case 'temporary':
      return false;
  }
}

/** Whether it ended because its host did, or could not start because there is none. */
export const isHostEnd = (reason: ExitReason): boolean =>
  (reason.kind === 'killed' && reason.why === 'host-closed') ||
  (reason.kind === 'failed' && reason.error.code === 'host_closed');

/** The children that go down and come back with `failed`, itself included, in start order. */
export function affectedBy(
  strategy: Strategy,
  children: readonly string[],
  failed: string,
): readonly string[] {
  switch (strategy) {
    case 'one_for_one':
      return [failed];
    case 'one_for_all':
      return children;
    case 'rest_for_one':
      return children.slice(children.indexOf(failed));
  }
}

export interface Intensity {
  /** Restarts allowed within the window. */
  readonly maxRestarts: number;
  /** The window in ms. */
  readonly withinMs: number;
}

/** Adds a restart at `now` to those that still count; it is one too many when there are more than `maxRestarts`. */
export function countRestart(
  restarts: readonly number[],
  now: number,
  { maxRestarts, withinMs }: Intensity,
): { readonly restarts: readonly number[]; readonly isExceeded: boolean } {
  const counting = [...restarts.filter((at) => now - at <= withinMs), now];
  return { restarts: counting, isExceeded: counting.length > maxRestarts };
}

export interface Backoff {
  /** Delay of the first restart in ms; 0 turns the backoff off. Default 100. */
  readonly initialMs: number;
  /** Default 2. */
  readonly factor: number;
  /** Default 30,000. */
  readonly maxMs: number;
  /** Share of the delay that is random, 0 to 1. Default 0.5. */
  readonly jitter: number;
}

export const defaultBackoff: Backoff = { initialMs: 100, factor: 2, maxMs: 30_000, jitter: 0.5 };

/**
 * Delay before a restart in ms.
 * @param attempt 1 for the first restart after a good life. @param random gives 0 to 1.
 */
export function backoffMs(attempt: number, backoff: Backoff, random: () => number): number {
  const full = Math.min(backoff.maxMs, backoff.initialMs * backoff.factor ** (attempt - 1));
  return Math.round(full * (1 - backoff.jitter * random()));
}
