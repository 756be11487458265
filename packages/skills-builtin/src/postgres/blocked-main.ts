// How much of a time main was blocked: an answer that has come waits then too, and neither the server nor a pool is to
// blame for it.
import type { RecorderContext } from '@nodelens/core';

/** What is left of a time without the stalls of main within it, in ms. */
export type WithoutStalls = (fromMs: number, toMs: number) => number;

/** Of the stalls that are known now. */
export function withoutStalls({
  stalls,
  currentStall,
}: Pick<RecorderContext, 'stalls' | 'currentStall'>): WithoutStalls {
  const current = currentStall();
  const past = stalls.newest().filter(({ id }) => id !== current?.id);
  const all = (current === undefined ? past : [current, ...past]).map(({ startedAtMs, durationMs }) => ({
    fromMs: startedAtMs,
    toMs: startedAtMs + durationMs,
  }));
  return (fromMs, toMs) => {
    let blockedMs = 0;
    for (const stall of all)
      blockedMs += Math.max(0, Math.min(stall.toMs, toMs) - Math.max(stall.fromMs, fromMs));
    return Math.max(0, Math.round(toMs - fromMs - blockedMs));
  };
}
