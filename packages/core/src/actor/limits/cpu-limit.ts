// What happens to a thread that takes more CPU than its share: it is slowed down, let go again when it calms down,
// and doomed when slowing down does not help. Decides only: the CPU is measured in cpu-watch.ts, and the thread itself
// rests (slow-down.ts).
import { BEAT_EVERY_MS, heartWord } from './heartbeat.ts';

export const DEFAULT_MAX_CPU_SHARE = 0.5;

/** The thresholds, all of them. A run of `triage()` takes 50 ms of CPU, the import of an SDK 500: neither comes near. */
export const cpuRules = {
  /** Shares are judged over no less than this, in ms: what is shorter is a burst, and every start is one. */
  windowMs: 2_500,
  /** A slowed thread rests so much that a loop without a pause comes to this part of its share. */
  slowedTo: 0.5,
  /** It is let go below this part of its share: less than that loop would take, so that it is calm by itself. */
  calmBelow: 0.25,
  /** At most this part of its heartbeat timeout is rested in one go: who rests must not seem dead. */
  restOfTimeout: 0.25,
  /** Looks above its share, one a second, after which a slowed thread is killed; the first three still see what was before. */
  doomedAfter: 9,
} as const;

export interface CpuLimit {
  /** Of one core. */
  readonly maxShare: number;
  readonly heartbeatTimeoutMs: number;
  onDoomed(): void;
}

/** How long a slowed thread rests at each beat, in ms. */
export const restMsOf = ({ maxShare, heartbeatTimeoutMs }: Omit<CpuLimit, 'onDoomed'>): number =>
  Math.round(
    Math.min(
      BEAT_EVERY_MS * Math.max(0, 1 - maxShare * cpuRules.slowedTo),
      heartbeatTimeoutMs * cpuRules.restOfTimeout,
    ),
  );

/** The returned function takes each share and the time that it was measured over; the thread is told by its heart. */
export function limitCpu(heart: Int32Array, limit: CpuLimit): (share: number, overMs: number) => void {
  let isSlowed = false;
  let above = 0;
  return (share, overMs) => {
    if (overMs < cpuRules.windowMs) return;
    above = share > limit.maxShare ? above + 1 : 0;
    if (!isSlowed && above > 0) {
      isSlowed = true;
      above = 0;
      orderRest(heart, restMsOf(limit));
    } else if (isSlowed && share < limit.maxShare * cpuRules.calmBelow) {
      isSlowed = false;
      orderRest(heart, 0);
    }
    if (above >= cpuRules.doomedAfter) limit.onDoomed();
  };
}

/** Wakes it when it rests. */
function orderRest(heart: Int32Array, ms: number): void {
  Atomics.store(heart, heartWord.restMs, ms);
  Atomics.notify(heart, heartWord.restMs);
}
