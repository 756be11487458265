// A thread shows that its event loop turns by counting in shared memory; its host looks at the count. Works while
// any other thread is blocked, and takes no message.
import { threadId } from 'node:worker_threads';
import type { Clock } from './clock.ts';

/** How often a thread beats, in ms. */
export const BEAT_EVERY_MS = 250;

/** Two words: beats, and the id of the thread that beats (0 before its first). */
export const createHeart = (): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(8));

export const threadOf = (heart: Int32Array): number => Atomics.load(heart, 1);

/** Beats until the returned function is called. Keeps the thread alive: an actor that waits is not at its end. */
export function startBeating(heart: Int32Array): () => void {
  Atomics.store(heart, 1, threadId);
  Atomics.add(heart, 0, 1);
  const timer = setInterval(() => Atomics.add(heart, 0, 1), BEAT_EVERY_MS);
  return () => clearInterval(timer);
}

export interface HeartWatch {
  readonly clock: Clock;
  /** Standstill that counts as death, in ms. */
  readonly timeoutMs: number;
  /** Additional time until the first beat, in ms. */
  readonly startMs: number;
  onStill(): void;
}

/**
 * Calls `onStill` once when the heart stands still for too long; returns the undo.
 * Time is counted in looks, not by the clock: when the whole process was stopped (SIGSTOP, a suspended machine),
 * the watcher slept too and must not blame the watched.
 */
export function watchHeart(heart: Int32Array, watch: HeartWatch): () => void {
  const lookEveryMs = Math.min(BEAT_EVERY_MS, watch.timeoutMs / 4);
  let seen = 0;
  let stillMs = 0;
  const undo = watch.clock.every(lookEveryMs, () => {
    const beats = Atomics.load(heart, 0);
    stillMs = beats === seen ? stillMs + lookEveryMs : 0;
    seen = beats;
    if (stillMs < watch.timeoutMs + (beats === 0 ? watch.startMs : 0)) return;
    undo();
    watch.onStill();
  });
  return undo;
}
