// Which of the finished requests are told one by one: those that failed, the slow and the large ones within budgets,
// of the rest one in so many. What is told carries a weight, so that sums over the weights stay right. No timer.

/** Told in a second, of one side: about 120 in all, with the budgets below. */
const PLAIN_PER_SECOND = 30;
const SEVERE_PER_SECOND = 50;
const SLOW_PER_SECOND = 20;
const LARGE_PER_SECOND = 20;
/** What is faster is never slow, in ms. */
const FASTEST_SLOW_MS = 10;
const FIRST_SLOW_MS = 50;

/** What a request is told for, beside its duration. */
export type Rank = 'plain' | 'large' | 'severe';

export class Sampling {
  #windowAt: number;
  #seen = 0;
  #severe = 0;
  #slow = 0;
  #large = 0;
  #plain = 0;
  #slowMs = FIRST_SLOW_MS;
  #every = 1;
  #toSkip = 0;

  constructor(at: number) {
    this.#windowAt = at;
  }

  /** For how many requests this one is to be told; 0 when it is not. */
  weightOf(durationMs: number, rank: Rank, at: number): number {
    if (at - this.#windowAt >= 1_000) this.#roll(at);
    this.#seen += 1;
    if (rank === 'severe' && this.#severe < SEVERE_PER_SECOND) {
      this.#severe += 1;
      return 1;
    }
    if (durationMs >= this.#slowMs) {
      this.#slow += 1;
      if (this.#slow <= SLOW_PER_SECOND) return 1;
    }
    if (rank === 'large' && this.#large < LARGE_PER_SECOND) {
      this.#large += 1;
      return 1;
    }
    if (this.#toSkip > 0) {
      this.#toSkip -= 1;
      return 0;
    }
    return this.#sample();
  }

  #sample(): number {
    const weight = this.#every;
    this.#plain += 1;
    if (this.#plain >= PLAIN_PER_SECOND) {
      // A burst within the second: every further budget of it stands for twice as many.
      this.#plain = 0;
      this.#every *= 2;
    }
    // At random, or requests that alternate would be seen in part only.
    this.#toSkip = Math.floor(Math.random() * (2 * this.#every - 1));
    return weight;
  }

  #roll(at: number): void {
    const seconds = (at - this.#windowAt) / 1_000;
    this.#every = Math.max(1, Math.round(this.#seen / seconds / PLAIN_PER_SECOND));
    this.#toSkip = Math.min(this.#toSkip, 2 * this.#every - 2);
    if (this.#slow > SLOW_PER_SECOND * seconds) this.#slowMs *= 1.5;
    else if (this.#slow * 4 < SLOW_PER_SECOND * seconds)
      this.#slowMs = Math.max(FASTEST_SLOW_MS, this.#slowMs * 0.8);
    this.#windowAt = at;
    this.#seen = 0;
    this.#severe = 0;
    this.#slow = 0;
    this.#large = 0;
    this.#plain = 0;
  }
}
