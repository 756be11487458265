// How often one supervisor has restarted, and the restarts that it has booked: the policy of restart.ts, with its time.
import { fail } from '../../errors.ts';
import type { Clock } from '../clock.ts';
import { describeExit, type ExitReason } from '../exit.ts';
import {
  type Backoff,
  backoffMs,
  countRestart,
  defaultBackoff,
  type Intensity,
  isHostEnd,
} from './restart.ts';
import type { SupervisorOptions } from './supervisor-options.ts';

type RestartsOptions = Pick<SupervisorOptions, 'random' | 'backoff' | 'maxRestarts' | 'withinMs'>;

const DEFAULT_INTENSITY: Intensity = { maxRestarts: 3, withinMs: 5_000 };
/** The end of a host takes all its children within moments: that is one failure, not one of each. */
const SAME_HOST_END_MS = 1_000;

export class Restarts {
  readonly intensity: Intensity;
  readonly #backoff: Backoff;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #booked = new Set<() => void>();
  #counting: readonly number[] = [];
  #hostEndAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, options: RestartsOptions) {
    this.#clock = clock;
    this.#random = options.random ?? Math.random;
    this.#backoff = { ...defaultBackoff, ...options.backoff };
    this.intensity = {
      maxRestarts: options.maxRestarts ?? DEFAULT_INTENSITY.maxRestarts,
      withinMs: options.withinMs ?? DEFAULT_INTENSITY.withinMs,
    };
  }

  /** Counts one more; whether it is one too many. */
  isTooMany(reason: ExitReason): boolean {
    const now = this.#clock.now();
    if (isHostEnd(reason)) {
      if (now - this.#hostEndAtMs <= SAME_HOST_END_MS) return false;
      this.#hostEndAtMs = now;
    }
    const { restarts, isExceeded } = countRestart(this.#counting, now, this.intensity);
    this.#counting = restarts;
    return isExceeded;
  }

  tooManyError(supervisor: string, last: ExitReason): Error {
    const { maxRestarts, withinMs } = this.intensity;
    const data = { id: supervisor, restarts: maxRestarts + 1, withinMs, reason: describeExit(last) };
    return fail('supervisor_gave_up', data);
  }

  /**
   * Runs it after the backoff, whose length is returned.
   * @param attempt 1 for the first restart after a good life.
   */
  book(attempt: number, run: () => void): number {
    const delayMs = backoffMs(attempt, this.#backoff, this.#random);
    const undo = this.#clock.after(delayMs, () => {
      this.#booked.delete(undo);
      run();
    });
    this.#booked.add(undo);
    return delayMs;
  }

  cancelAll(): void {
    for (const undo of this.#booked) undo();
    this.#booked.clear();
  }
}
