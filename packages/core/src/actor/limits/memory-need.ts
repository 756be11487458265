// What our threads and the sandbox process cost in memory, and the refusal to start them where that is not there: a
// container at its limit is killed as a whole, and with it the service that we were asked to look at.
import { fail, type NodelensError } from '../../errors.ts';
import { type Headroom, readHeadroomMb } from './headroom.ts';

/** A thread with an operator at work: 10 MB are Node's own, 4 our modules, the rest its run (docs/decisions/009). */
export const THREAD_MB = 16;
/** The sandbox process; of its 53 MB most is the program, whose pages are the service's already. */
export const SANDBOX_MB = 20;
/** Stays free for the service: its next young generation (V8 grants 48 MB, half of it empty between collections). */
export const RESERVE_MB = 32;
/** What must be left of it for what a run that was let in starts later: the service may have taken some since. */
export const LATE_RESERVE_MB: number = RESERVE_MB / 2;

interface RunNeed {
  /** Launcher, operator, sandbox. */
  readonly fromMain: number;
  /** A thread for the coordinator as well. */
  readonly fromSocket: number;
}

/** What a run takes when its operators run one after another. */
export const RUN_MB: RunNeed = {
  fromMain: 2 * THREAD_MB + SANDBOX_MB + RESERVE_MB,
  fromSocket: 3 * THREAD_MB + SANDBOX_MB + RESERVE_MB,
};

/** What `neededMb` lack; undefined when they are there. */
export function shortage(neededMb: number, freeMb: number): NodelensError | undefined {
  if (freeMb >= neededMb) return undefined;
  return fail('memory_short', {
    neededMb,
    freeMb: Math.max(0, freeMb),
    missingMb: neededMb - Math.max(0, freeMb),
  });
}

/** @throws NodelensError `memory_short` */
export function assertRoom(neededMb: number, headroom: Headroom = readHeadroomMb): void {
  const error = shortage(neededMb, headroom());
  if (error !== undefined) throw error;
}
