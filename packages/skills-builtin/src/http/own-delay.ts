// How much main's own loop delayed what it serves and asks for: nobody else is blamed for that time. Pure.
import type { JsonObject, RecorderContext } from '@nodelens/core';
import { max, mean, sum } from '../statistics.ts';
import { round } from '../wording.ts';

const WINDOW_MS = 20_000;

export function ownDelay({
  vitals,
  stalls,
  now,
}: Pick<RecorderContext, 'vitals' | 'stalls' | 'now'>): JsonObject {
  const samples = vitals.since(WINDOW_MS);
  const fromMs = now() - WINDOW_MS;
  const stood = stalls
    .since(2 * WINDOW_MS)
    .map(({ startedAtMs, durationMs }) =>
      Math.max(0, startedAtMs + durationMs - Math.max(fromMs, startedAtMs)),
    );
  return {
    windowSeconds: WINDOW_MS / 1_000,
    delayP99Ms: round(mean(samples.map(({ eventLoopDelayP99Ms }) => eventLoopDelayP99Ms))),
    delayMaxMs: round(max(samples.map(({ eventLoopDelayMaxMs }) => eventLoopDelayMaxMs))),
    stalledMs: Math.round(sum(stood)),
  };
}
