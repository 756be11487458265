// What Nodelens itself does to main: while it lasts, a silent main is no stall of the app, and the full collections
// that it brings about are not the app's. Keeps times only; whoever pauses main weighs that against the grant first.
import { monotonicMs } from '../monotonic.ts';

/** Longest time that a pause hides a stall where nothing else is said, in ms. */
const MAX_MS = 1_000;
/** Collections are read within a second, so a few windows are enough. */
const WINDOWS_KEPT = 64;

export interface OwnPauseOptions {
  /** Longest time that it hides a stall, in ms; default 1,000. */
  readonly maxMs?: number;
  /** Whether it makes V8 collect the whole heap. */
  readonly collects?: boolean;
}

export interface OwnPauses {
  run<T>(pausing: () => Promise<T>, options?: OwnPauseOptions): Promise<T>;
  /** Monotonic ms since when main has been free of us: `now` while a pause lasts. */
  freeSince(now: number): number;
  /** Whether a full collection that began at this monotonic ms was brought about by us. */
  hasCollected(at: number): boolean;
}

export function createOwnPauses(): OwnPauses {
  const running = new Set<{ readonly until: number }>();
  const windows: { readonly from: number; to: number }[] = [];
  let endedAt = 0;
  const open = (): { to: number } => {
    const window = { from: monotonicMs(), to: Number.POSITIVE_INFINITY };
    windows.push(window);
    if (windows.length > WINDOWS_KEPT) windows.shift();
    return window;
  };
  return {
    async run(pausing, { maxMs = MAX_MS, collects = false } = {}) {
      const hold = { until: monotonicMs() + maxMs };
      const window = collects ? open() : undefined;
      running.add(hold);
      try {
        return await pausing();
      } finally {
        running.delete(hold);
        endedAt = monotonicMs();
        if (window !== undefined) window.to = endedAt;
      }
    },
    freeSince: (now) => ([...running].some(({ until }) => now < until) ? now : endedAt),
    hasCollected: (at) => windows.some(({ from, to }) => at >= from && at <= to),
  };
}
