// Time that a test owns: nothing is due until `advance` says so.
import type { Clock } from '@nodelens/core';

interface Timer {
  dueAt: number;
  /** 0: runs once. */
  readonly everyMs: number;
  readonly run: () => void;
}

export class ManualClock implements Clock {
  readonly #timers = new Set<Timer>();
  #now: number;

  /** @param startMs wall-clock ms at the beginning. */
  constructor(startMs = 0) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    return this.#add({ dueAt: this.#now + ms, everyMs: 0, run });
  }

  every(ms: number, run: () => void): () => void {
    if (ms <= 0) throw new RangeError('every() needs an interval above 0 ms.');
    return this.#add({ dueAt: this.#now + ms, everyMs: ms, run });
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves on by `ms` and runs what is due on the way, in order of time, then of making; each sees its own time. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#now = next.dueAt;
      if (next.everyMs === 0) this.#timers.delete(next);
      else next.dueAt += next.everyMs;
      next.run();
    }
    this.#now = until;
  }

  #next(until: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers)
      if (timer.dueAt <= until && (first === undefined || timer.dueAt < first.dueAt)) first = timer;
    return first;
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }
}
