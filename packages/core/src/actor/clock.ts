// Time as a capability, so that tests own it.
import { performance } from 'node:perf_hooks';

export interface Clock {
  /** Wall-clock ms. */
  now(): number;
  /** Ms that only grow, for a clock whose `now` may be set back or forward. */
  elapsed?(): number;
  /** Runs once after `ms`; returns its undo. The timer never keeps the process alive. */
  after(ms: number, run: () => void): () => void;
  /** Runs every `ms`; returns its undo. The timer never keeps the process alive. */
  every(ms: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
  every(ms, run) {
    const timer = setInterval(run, ms).unref();
    return () => clearInterval(timer);
  },
};
