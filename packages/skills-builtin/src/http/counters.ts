// The probe's numbers over the last hour, once a second: they know of every request, also of those that were not told
// one by one, and are right while main is blocked.
import type { JsonObject, ProbeFeed, RecorderContext } from '@nodelens/core';
import { BUCKETS, CLIENT_DURATIONS, COUNTERS, SERVER_DURATIONS, slot } from '../requests/slots.ts';
import { round } from '../wording.ts';
import { quantileOf } from './tally.ts';

const EVERY_MS = 1_000;
const SAMPLES = 3_600;

export type Slot = keyof typeof slot;

export interface Counters {
  now(which: Slot): number;
  /** What happened in the last `windowMs`, or since recording began if that is shorter. */
  last(windowMs: number): Span;
  recordedSeconds(): number;
  /** The last `minutes` in equal parts, at most 60, newest first. */
  history(minutes: number): readonly JsonObject[];
}

interface Sample {
  readonly atMs: number;
  readonly numbers: Float64Array;
}

export class Span {
  readonly seconds: number;
  readonly toMs: number;
  readonly #from: Float64Array;
  readonly #to: Float64Array;

  constructor(from: Sample, to: Sample) {
    this.toMs = to.atMs;
    // Of a shorter time a rate would be a guess.
    this.seconds = Math.max(EVERY_MS, to.atMs - from.atMs) / 1_000;
    this.#from = from.numbers;
    this.#to = to.numbers;
  }

  grown(which: Slot): number {
    return this.#grownAt(slot[which]);
  }

  perSecond(which: Slot): number {
    return round(this.grown(which) / this.seconds, 2);
  }

  /** In ms, from the probe's histogram. */
  quantileMs(side: 'server' | 'client', share: number): number {
    const first = side === 'server' ? SERVER_DURATIONS : CLIENT_DURATIONS;
    const bins = Array.from({ length: BUCKETS }, (_, bin) => this.#grownAt(first + bin));
    return round(quantileOf(bins, share, (bin) => 2 ** bin / 4));
  }

  #grownAt(index: number): number {
    return (this.#to[index] ?? 0) - (this.#from[index] ?? 0);
  }
}

export function createCounters(
  feed: ProbeFeed,
  { now, everySecond }: Pick<RecorderContext, 'now' | 'everySecond'>,
): Counters {
  const take = (): Sample => ({ atMs: now(), numbers: feed.numbers.slice(0, COUNTERS) });
  const startedAtMs = now();
  let samples: Sample[] = [{ atMs: startedAtMs, numbers: new Float64Array(0) }];
  everySecond(() => {
    samples.push(take());
    if (samples.length > SAMPLES + 60) samples = samples.slice(-SAMPLES);
  });
  const at = (atMs: number): Sample =>
    samples.findLast((sample) => sample.atMs <= atMs) ?? (samples[0] as Sample);
  return {
    now: (which) => feed.numbers[slot[which]] ?? 0,
    last(windowMs) {
      const to = take();
      return new Span(at(to.atMs - windowMs), to);
    },
    recordedSeconds: () => Math.round((now() - startedAtMs) / 1_000),
    history(minutes) {
      const to = take();
      const spanMs = Math.min(minutes * 60_000, to.atMs - (samples[0]?.atMs ?? to.atMs));
      const parts = Math.max(1, Math.min(60, Math.floor(spanMs / (5 * EVERY_MS))));
      return Array.from({ length: parts }, (_, part) => {
        const partMs = spanMs / parts;
        const end = part === 0 ? to : at(to.atMs - part * partMs);
        return partOf(new Span(at(end.atMs - partMs), end));
      });
    },
  };
}

const partOf = (span: Span): JsonObject => ({
  endedAtMs: span.toMs,
  seconds: round(span.seconds),
  servedPerSecond: span.perSecond('serverFinished'),
  served5xx: span.grown('server5xx'),
  served4xx: span.grown('server4xx'),
  aborted: span.grown('serverAborted'),
  servedP50Ms: span.quantileMs('server', 0.5),
  servedP99Ms: span.quantileMs('server', 0.99),
  askedPerSecond: span.perSecond('clientStarted'),
  askedFailed: span.grown('clientFailed') + span.grown('client5xx'),
  askedP50Ms: span.quantileMs('client', 0.5),
  askedP99Ms: span.quantileMs('client', 0.99),
});
