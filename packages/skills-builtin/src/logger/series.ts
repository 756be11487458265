// Counts over the last 15 minutes, in steps of 10 s, in constant memory. Pure but for what it holds.

const STEP_MS = 10_000;
/** 15 minutes, and the step that is going on. */
const STEPS = 91;

export const SERIES_MS: number = 15 * 60_000;

export interface Series {
  add(atMs: number): void;
  /** Of the last `windowMs`, to the step: the one that is going on counts as whole. */
  sum(windowMs: number, nowMs: number): number;
}

export function createSeries(): Series {
  const counts = new Uint32Array(STEPS);
  const steps = new Float64Array(STEPS);
  return {
    add(atMs) {
      const step = Math.floor(atMs / STEP_MS);
      const slot = step % STEPS;
      // Late lines of a step that has fallen out would be counted as new ones.
      if (step < (steps[slot] as number)) return;
      if (steps[slot] !== step) {
        steps[slot] = step;
        counts[slot] = 0;
      }
      counts[slot] = (counts[slot] as number) + 1;
    },
    sum(windowMs, nowMs) {
      const last = Math.floor(nowMs / STEP_MS);
      const first = last - Math.min(STEPS, Math.ceil(windowMs / STEP_MS)) + 1;
      return counts.reduce((total, count, slot) => {
        const step = steps[slot] as number;
        return step >= first && step <= last ? total + count : total;
      }, 0);
    },
  };
}
