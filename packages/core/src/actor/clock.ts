// Time as a capability, so that tests own it.
import { performance } from 'node:perf_hooks';

export interface Clock {
  /** Wall-clock ms. */
  now(): number;
  /** Ms that only grow, for a clock whose `now` may be set back or forward. */
  elapsed?(): number;
  /** Runs once after `ms`, 24.8 days at most; returns its undo. The timer never keeps the process alive. */
  after(ms: number, run: () => void): () => void;
  /** Runs every `ms`; returns its undo. The timer never keeps the process alive. */
  every(ms: number, run: () => void): () => void;
}

/** A timer of more, 24.8 days, fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const timerOf = (ms: number): number => Math.min(ms, LONGEST_TIMER_MS);

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, timerOf(ms)).unref();
    return () => clearTimeout(timer);
  },
  every(ms, run) {
    const timer = setInterval(run, timerOf(ms)).unref();
    return () => clearInterval(timer);
  },
};
