// How many requests the app was asked for within the last minute: what its errors are a share of.
import type { RecorderContext } from '@nodelens/core';
import { everySeconds } from '../every-seconds.ts';

const STEP_MS = 5_000;
const STEPS = 12;

/** @param total ever growing, read every 5 s */
export function createRequestCount(
  total: () => number,
  { now, everySecond }: Pick<RecorderContext, 'now' | 'everySecond'>,
): () => number {
  let samples: { readonly atMs: number; readonly total: number }[] = [{ atMs: now(), total: total() }];
  everySeconds({ everySecond }, STEP_MS / 1_000, () => {
    samples = [...samples, { atMs: now(), total: total() }].slice(-STEPS - 1);
  });
  return () => {
    const from = now() - STEP_MS * STEPS;
    const [first] = samples.filter(({ atMs }) => atMs >= from);
    return Math.max(0, total() - (first?.total ?? 0));
  };
}
