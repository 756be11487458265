// Many deadlines on one timer: a heap with the earliest first. The timer is only set anew for an earlier one; when it
// finds nothing due it is set for what is next. So a deadline that is met costs no timer.
import type { Clock } from './clock.ts';

/** What has a deadline; the fields are kept by {@link Deadlines}. */
export interface Timed {
  dueAtMs: number;
  /** Its place in the heap; -1 outside. */
  place: number;
}

/** Above it, a timer of Node fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export class Deadlines<T extends Timed> {
  readonly #clock: Clock;
  readonly #onDue: (item: T) => void;
  readonly #heap: T[] = [];
  #timerDueAtMs = Number.POSITIVE_INFINITY;
  #undoTimer: (() => void) | undefined;

  constructor(clock: Clock, onDue: (item: T) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  add(item: T, ms: number): void {
    item.dueAtMs = this.#nowMs() + ms;
    this.#rise(item, this.#heap.length);
    if (item.dueAtMs < this.#timerDueAtMs) this.#arm(item.dueAtMs, ms);
  }

  remove(item: T): void {
    const { place } = item;
    if (place < 0) return;
    item.place = -1;
    const last = this.#heap.pop() as T;
    if (last === item) return;
    this.#sink(last, place);
    if (last.place === place) this.#rise(last, place);
  }

  /** Forgets all and frees the timer. */
  clear(): void {
    for (const item of this.#heap) item.place = -1;
    this.#heap.length = 0;
    this.#disarm();
  }

  #nowMs(): number {
    return this.#clock.elapsed?.() ?? this.#clock.now();
  }

  #arm(dueAtMs: number, ms: number): void {
    this.#disarm();
    this.#timerDueAtMs = dueAtMs;
    this.#undoTimer = this.#clock.after(Math.min(ms, MAX_TIMER_MS), () => this.#expire());
  }

  #disarm(): void {
    this.#undoTimer?.();
    this.#undoTimer = undefined;
    this.#timerDueAtMs = Number.POSITIVE_INFINITY;
  }

  #expire(): void {
    this.#disarm();
    const nowMs = this.#nowMs();
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (first.dueAtMs > nowMs) {
        // Rounded up: a timer of Node counts whole ms and would come too early.
        this.#arm(first.dueAtMs, Math.ceil(first.dueAtMs - nowMs));
        return;
      }
      this.remove(first);
      this.#onDue(first);
    }
  }

  /** Puts `item` at `place` or as far above it as it belongs. */
  #rise(item: T, place: number): void {
    let at = place;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = this.#heap[above] as T;
      if (parent.dueAtMs <= item.dueAtMs) break;
      this.#put(parent, at);
      at = above;
    }
    this.#put(item, at);
  }

  /** Puts `item` at `place` or as far below it as it belongs. */
  #sink(item: T, place: number): void {
    const { length } = this.#heap;
    let at = place;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= length) break;
      const right = this.#heap[below + 1];
      if (right !== undefined && right.dueAtMs < (this.#heap[below] as T).dueAtMs) below += 1;
      const child = this.#heap[below] as T;
      if (child.dueAtMs >= item.dueAtMs) break;
      this.#put(child, at);
      at = below;
    }
    this.#put(item, at);
  }

  #put(item: T, place: number): void {
    this.#heap[place] = item;
    item.place = place;
  }
}
