// The order in which the queues rose: of each the moment from which on it stood above what it was before. Pure.
import { max, median } from '../statistics.ts';
import type { Point } from './growth.ts';

export interface Rise {
  /** The first reading above. */
  readonly atMs: number;
  readonly baseline: number;
  readonly peak: number;
  readonly now: number;
  readonly ongoing: boolean;
}

/** Above the baseline for so many readings in a row; a single one is noise. */
const PERSISTENT = 3;
/** The baseline is of the first quarter of the window: of its calmest part, where the whole window is one load. */
const BASELINE_SHARE = 0.25;
const DEVIATIONS = 5;

/**
 * @param points oldest first
 * @param floor what a queue of this kind may hold without being worth a word
 */
export function riseOf(points: readonly Point[], floor: number): Rise | undefined {
  const values = points.map(({ value }) => value);
  const early = values.slice(0, Math.max(PERSISTENT, Math.ceil(values.length * BASELINE_SHARE)));
  const baseline = Math.min(median(early), median(values));
  const deviation = median(early.map((value) => Math.abs(value - baseline)));
  const threshold = Math.max(baseline + DEVIATIONS * deviation, 1.5 * baseline, floor);
  const run = lastRunAbove(values, threshold);
  if (run === undefined) return undefined;
  const [from, to] = run;
  return {
    atMs: (points[from] as Point).atMs,
    baseline,
    peak: max(values.slice(from, to)),
    now: values.at(-1) ?? 0,
    ongoing: to === values.length,
  };
}

/** The newest run that persists, as positions from and to; short dips do not end it. */
function lastRunAbove(values: readonly number[], threshold: number): readonly [number, number] | undefined {
  let best: readonly [number, number] | undefined;
  let from = -1;
  let below = 0;
  const close = (to: number): void => {
    if (from !== -1 && to - from >= PERSISTENT) best = [from, to];
    from = -1;
  };
  values.forEach((value, index) => {
    if (value >= threshold) {
      if (from === -1) from = index;
      below = 0;
    } else if (from !== -1) {
      below += 1;
      if (below >= PERSISTENT) close(index - below + 1);
    }
  });
  close(values.length - (from === -1 ? 0 : below >= PERSISTENT ? below : 0));
  return best;
}
