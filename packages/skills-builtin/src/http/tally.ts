// What is counted of the requests under one name: how many, how they ended, how long they took. Pure but for `add`.
import { codeOf, type Finished, isAborted, isFailure } from './finished.ts';

/** Bin i holds what took less than 2^(i/2) / 8 ms: up to 20 minutes, each bin 41 % wide. */
const BINS = 48;
const FIRST_MS = 1 / 8;
const MAX_CODES = 10;

export class Tally {
  count = 0;
  failures = 0;
  status4xx = 0;
  aborted = 0;
  maxMs = 0;
  queuedSumMs = 0;
  maxQueuedMs = 0;
  /** When the newest ended. */
  lastAtMs = 0;
  readonly bins: Float32Array = new Float32Array(BINS);
  codes: Map<string, number> | undefined = undefined;
  /** Quantiles by share, of the count that stands beside: a slice that is over is asked again and again. */
  #quantiles: Map<number, number> | undefined = undefined;
  #quantilesOf = 0;

  add(finished: Finished): void {
    const { durationMs, queuedMs, status, weight, atMs } = finished;
    this.count += weight;
    this.lastAtMs = Math.max(this.lastAtMs, atMs);
    this.maxMs = Math.max(this.maxMs, durationMs);
    this.queuedSumMs += queuedMs * weight;
    this.maxQueuedMs = Math.max(this.maxQueuedMs, queuedMs);
    const bin = binOf(durationMs);
    this.bins[bin] = (this.bins[bin] ?? 0) + weight;
    if (status >= 400 && status < 500) this.status4xx += weight;
    if (isAborted(finished)) this.aborted += weight;
    if (!isFailure(finished)) return;
    this.failures += weight;
    this.#countCode(codeOf(finished), weight);
  }

  merge(other: Tally): void {
    this.count += other.count;
    this.lastAtMs = Math.max(this.lastAtMs, other.lastAtMs);
    this.failures += other.failures;
    this.status4xx += other.status4xx;
    this.aborted += other.aborted;
    this.maxMs = Math.max(this.maxMs, other.maxMs);
    this.queuedSumMs += other.queuedSumMs;
    this.maxQueuedMs = Math.max(this.maxQueuedMs, other.maxQueuedMs);
    for (let bin = 0; bin < BINS; bin += 1) this.bins[bin] = (this.bins[bin] ?? 0) + (other.bins[bin] ?? 0);
    for (const [code, count] of other.codes ?? []) this.#countCode(code, count);
  }

  /** In ms; 0 without requests. @param share 0 to 1 */
  quantileMs(share: number): number {
    if (this.#quantiles === undefined || this.#quantilesOf !== this.count) {
      this.#quantiles = new Map();
      this.#quantilesOf = this.count;
    }
    const known = this.#quantiles.get(share);
    if (known !== undefined) return known;
    const found = Math.min(
      this.maxMs,
      quantileOf(this.bins, share, (bin) => FIRST_MS * 2 ** (bin / 2)),
    );
    this.#quantiles.set(share, found);
    return found;
  }

  /** How many took so long, to the width of a bin. */
  countFrom(ms: number): number {
    let count = 0;
    for (let bin = binOf(ms); bin < BINS; bin += 1) count += this.bins[bin] ?? 0;
    return count;
  }

  #countCode(code: string, count: number): void {
    this.codes ??= new Map();
    const known = this.codes.has(code) || this.codes.size < MAX_CODES ? code : 'other';
    this.codes.set(known, (this.codes.get(known) ?? 0) + count);
  }
}

const binOf = (durationMs: number): number =>
  durationMs < FIRST_MS ? 0 : Math.min(BINS - 1, Math.floor(2 * Math.log2(durationMs / FIRST_MS)) + 1);

/** Linear within a bin. @param upperMs where a bin ends; it begins where the one before ends */
export function quantileOf(bins: ArrayLike<number>, share: number, upperMs: (bin: number) => number): number {
  let total = 0;
  for (let bin = 0; bin < bins.length; bin += 1) total += bins[bin] ?? 0;
  const wanted = total * share;
  let passed = 0;
  for (let bin = 0; bin < bins.length; bin += 1) {
    const inBin = bins[bin] ?? 0;
    if (inBin > 0 && passed + inBin >= wanted) {
      const from = bin === 0 ? 0 : upperMs(bin - 1);
      return from + ((upperMs(bin) - from) * (wanted - passed)) / inBin;
    }
    passed += inBin;
  }
  return 0;
}
