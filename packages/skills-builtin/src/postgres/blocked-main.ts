// How much of a time main was blocked: an answer that has come waits then too, and neither the server nor a pool is to
// blame for it.
import type { RecorderContext } from '@nodelens/core';

export type Stalls = Pick<RecorderContext, 'stalls' | 'currentStall'>;

/** What is left of a time without the stalls of main within it, in ms. */
export function withoutStalls(context: Stalls, fromMs: number, toMs: number): number {
  const current = context.currentStall();
  const past = context.stalls.newest().filter(({ id }) => id !== current?.id);
  const blockedMs = (current === undefined ? past : [current, ...past])
    .map(({ startedAtMs, durationMs }) =>
      Math.max(0, Math.min(startedAtMs + durationMs, toMs) - Math.max(startedAtMs, fromMs)),
    )
    .reduce((total, one) => total + one, 0);
  return Math.max(0, Math.round(toMs - fromMs - blockedMs));
}
