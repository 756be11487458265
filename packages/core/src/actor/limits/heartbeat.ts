// What a thread shows of itself in shared memory: that its event loop turns, and what can be seen of the actor that it
// runs. Its host looks there; that works while any thread is blocked, and takes no message.
import type { Clock } from '../clock.ts';

/** How often a thread beats, in ms. */
export const BEAT_EVERY_MS = 250;

/** What each word of a heart holds: the one place where they are counted. */
export const heartWord = {
  // Written by the thread itself.
  beats: 0,
  /** Node's id of the thread; 0 before its first beat. */
  thread: 1,
  /** The kernel's id of the thread; 0 where unknown. */
  tid: 2,
  /** Wall-clock seconds at the first beat. */
  startedAt: 3,
  /** Messages that wait, as of the actor's last turn. */
  mailbox: 4,
  // Written by its host.
  /** Heap and external memory in KB; 0 before the first look. */
  memoryKb: 5,
  /** CPU over the last seconds in thousandths of a core; -1 before it is known. */
  cpu: 6,
  /** How long it is to rest at each beat, in ms; 0 while it keeps to its share of CPU. */
  restMs: 7,
} as const;

export function createHeart(): Int32Array<SharedArrayBuffer> {
  const words = Object.keys(heartWord).length;
  const heart = new Int32Array(new SharedArrayBuffer(words * Int32Array.BYTES_PER_ELEMENT));
  heart[heartWord.cpu] = -1;
  return heart;
}

export const threadOf = (heart: Int32Array): number => Atomics.load(heart, heartWord.thread);

export interface HeartWatch {
  readonly clock: Pick<Clock, 'every'>;
  /** Standstill that counts as death, in ms. */
  readonly timeoutMs: number;
  /** Additional time while it starts, in ms. */
  readonly startMs: number;
  /** Whether it still starts. Default: until the first beat. */
  isStarting?(): boolean;
  /** How often it is looked at, in ms; default 250, a quarter of a shorter timeout. */
  readonly lookEveryMs?: number;
  /** Called once in each standstill of {@link STANDING_SHARE} of the timeout, after the first beat. */
  onStanding?(): void;
  onStill(): void;
}

/** 2 s by default: what loads a large module stands for less, and a loop that never ends has a core for no longer. */
const STANDING_SHARE = 0.4;

/**
 * Calls `onStill` once when the heart stands still for too long; returns the undo.
 * Time is counted in looks, not by the clock: when the whole process was stopped (SIGSTOP, a suspended machine),
 * the watcher slept too and must not blame the watched.
 */
export function watchHeart(heart: Int32Array, watch: HeartWatch): () => void {
  const { lookEveryMs = Math.min(BEAT_EVERY_MS, watch.timeoutMs / 4) } = watch;
  const standingMs = watch.timeoutMs * STANDING_SHARE;
  let seen = 0;
  let stillMs = 0;
  const undo = watch.clock.every(lookEveryMs, () => {
    const beats = Atomics.load(heart, heartWord.beats);
    stillMs = beats === seen ? stillMs + lookEveryMs : 0;
    seen = beats;
    if (beats > 0 && stillMs >= standingMs && stillMs < standingMs + lookEveryMs) watch.onStanding?.();
    const isStarting = watch.isStarting?.() ?? beats === 0;
    if (stillMs < watch.timeoutMs + (isStarting ? watch.startMs : 0)) return;
    undo();
    watch.onStill();
  });
  return undo;
}
