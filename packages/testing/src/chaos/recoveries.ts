// What ended must come back: for every fault that ends the recorder, the launcher or a continuous operator, the sign of
// life that must follow, and within which time.
import { detectedWithinMs, type Fault, isLethal, type Place } from './faults.ts';
import { quantile } from './latency.ts';

/** Backoff, start of threads on a busy machine, and a round of a continuous operator. */
const COMEBACK_MS = 20_000;
/** What arrives sooner was sent before the fault. */
const EARLIEST_MS = 500;

interface Expected {
  readonly what: string;
  /** `recorder`, or the name of a continuous operator. */
  readonly who: string;
  readonly sinceMs: number;
  readonly untilMs: number;
}

export class Recoveries {
  readonly #continuous: readonly string[];
  readonly #open: Expected[] = [];
  readonly #tookMs = new Map<string, number[]>();
  readonly #missed: string[] = [];

  constructor(continuous: readonly string[]) {
    this.#continuous = continuous;
  }

  /** @param operator name of the continuous operator that was hit, if it was one. */
  begun({ place, fault, operator }: { place: Place; fault: Fault; operator?: string }, nowMs: number): void {
    const who = place === 'recorder' ? 'recorder' : operator;
    const expect = (name: string): number =>
      this.#open.push({
        what: `${name} after "${fault}" of ${place}`,
        who: name,
        sinceMs: nowMs,
        untilMs: nowMs + detectedWithinMs(place, fault) + COMEBACK_MS,
      });
    // Soft faults end nobody, nor does an async loop: whoever turns its loop lives.
    if (place === 'recorder' && (!isLethal(fault) || fault === 'async-loop')) return;
    if (place === 'launcher') for (const name of this.#continuous) expect(name);
    else if (who !== undefined) expect(who);
  }

  /** The recorder records again, or a continuous operator took a step. */
  isAlive(who: string, nowMs: number): void {
    const due = this.#open.filter((one) => one.who === who && nowMs - one.sinceMs >= EARLIEST_MS);
    for (const expected of due) {
      this.#open.splice(this.#open.indexOf(expected), 1);
      const place = who === 'recorder' ? 'recorder' : 'continuous';
      this.#tookMs.set(place, [...(this.#tookMs.get(place) ?? []), nowMs - expected.sinceMs]);
      if (nowMs > expected.untilMs) this.#missed.push(`${expected.what}: late`);
    }
  }

  get isWaiting(): boolean {
    return this.#open.length > 0;
  }

  missed(nowMs: number): readonly string[] {
    const never = this.#open.filter(({ untilMs }) => nowMs > untilMs);
    return [...this.#missed, ...never.map(({ what }) => `${what}: not back`)];
  }

  /** Median and longest time until the sign of life, by place. */
  figures(): Readonly<Record<string, { count: number; medianMs: number; maxMs: number }>> {
    return Object.fromEntries(
      [...this.#tookMs].map(([place, took]) => {
        const sorted = took.toSorted((a, b) => a - b);
        const maxMs = sorted.at(-1) ?? 0;
        return [place, { count: sorted.length, medianMs: quantile(sorted, 0.5), maxMs }];
      }),
    );
  }
}
