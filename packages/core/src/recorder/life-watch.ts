// Whether the recorder hangs, as main sees it: by the beats of its thread. One that starts on a machine without a free core
// is no such thing, and another in its place would take longer still: it is ended early only when it has computed for so
// long that it cannot be for want of a core. Main reads no file for that.
import type { Worker } from 'node:worker_threads';
import type { Clock } from '../actor/clock.ts';
import { watchHeart } from '../actor/limits/heartbeat.ts';

/** A recorder that stands still for this long is ended, in ms. */
const TIMEOUT_MS = 10_000;
/** How much longer it may stand still before it is ready, in ms: from source, beside 16 that want its core, it took 22 s to its first beat. */
const START_MS = 50_000;
/** CPU after which one that is not ready has no more time than any other, in ms; a start takes half a second. */
const START_CPU_MS = 10_000;
/** With main's beat. */
const LOOK_EVERY_MS = 1_000;

export interface LifeWatch {
  readonly clock: Pick<Clock, 'every'>;
  readonly heart: Int32Array;
  readonly thread: Pick<Worker, 'cpuUsage'>;
  isReady(): boolean;
  onStill(): void;
}

/** Calls `onStill` once when it hangs; returns the undo. */
export function watchLife({ clock, heart, thread, isReady, onStill }: LifeWatch): () => void {
  let cpuMs = 0;
  const lookAtCpu = async (): Promise<void> => {
    if (isReady()) return unlook();
    try {
      const { user, system } = await thread.cpuUsage();
      cpuMs = (user + system) / 1_000;
    } catch {
      // It is not up yet, has ended, or this Node does not tell (before 24.6).
    }
  };
  const unlook = clock.every(LOOK_EVERY_MS, () => void lookAtCpu());
  const unwatch = watchHeart(heart, {
    clock,
    timeoutMs: TIMEOUT_MS,
    startMs: START_MS,
    lookEveryMs: LOOK_EVERY_MS,
    isStarting: () => !isReady() && cpuMs < START_CPU_MS,
    onStill,
  });
  return () => {
    unlook();
    unwatch();
  };
}
