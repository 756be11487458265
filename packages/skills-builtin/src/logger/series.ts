// Counts over the last 15 minutes, in steps of 10 s, in constant memory. Pure but for what it holds.

const STEP_MS = 10_000;
/** 15 minutes, and the step that is going on. */
const STEPS = 91;

export const SERIES_MS: number = 15 * 60_000;

export interface Series {
  add(atMs: number): void;
  /** Of the last `windowMs`. Of the oldest step as large a share counts as lies in the window: an estimate. */
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
      const fromMs = nowMs - windowMs;
      const last = Math.floor(nowMs / STEP_MS);
      const sum = counts.reduce((total, count, slot) => {
        const step = steps[slot] as number;
        const inWindow = ((step + 1) * STEP_MS - fromMs) / STEP_MS;
        return inWindow > 0 && step <= last ? total + count * Math.min(1, inWindow) : total;
      }, 0);
      return Math.round(sum);
    },
  };
}
