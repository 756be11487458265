// The probe's counters over the last 15 minutes, sampled once a second, so that they can be told as rates. They know of
// every line, also of those that were not handed over, and grow while main is blocked.
import type { ProbeFeed, RecorderContext } from '@nodelens/core';
import { type MainUse, ownPercent, readMainUse } from '../own-share.ts';
import { round } from '../wording.ts';
import { type Counter, counterIn, linesIn } from './counters.ts';

const EVERY_MS = 1_000;
const SAMPLES = 900;

export interface CounterRates {
  readonly windowSeconds: number;
  readonly lines: number;
  readonly linesPerSecond: number;
  readonly kbPerSecond: number;
  /** Share of main's time without its waits for a core in which it was formatting and writing lines, 0 to 100. */
  readonly writingSharePercent: number;
  /** How much of the window main ran, 0 to 100; 0 where the kernel does not tell. */
  readonly mainRanPercent: number;
  /** How much of the window main waited for a core, 0 to 100; 0 where the kernel does not tell. */
  readonly mainWaitedPercent: number;
  /** Counted, but too many to be read. */
  readonly untoldLines: number;
}

export interface CounterHistory {
  /** Over the last `windowMs`, or since recording began if that is shorter. */
  rates(windowMs: number): CounterRates;
}

interface Sample {
  readonly atMs: number;
  readonly numbers: Float64Array;
  readonly use: MainUse;
}

export function createCounterHistory(
  feed: ProbeFeed,
  { now, everySecond }: Pick<RecorderContext, 'now' | 'everySecond'>,
  readUse: () => MainUse = readMainUse,
): CounterHistory {
  const take = (): Sample => ({ atMs: now(), numbers: feed.numbers.slice(), use: readUse() });
  let samples: Sample[] = [{ ...take(), numbers: new Float64Array(0) }];
  everySecond(() => {
    samples.push(take());
    if (samples.length > SAMPLES * 2) samples = samples.slice(-SAMPLES);
  });
  return {
    rates(windowMs) {
      const current = take();
      const from = samples.find(({ atMs }) => atMs >= current.atMs - windowMs) ?? samples.at(-1) ?? current;
      return ratesBetween(from, current);
    },
  };
}

function ratesBetween(from: Sample, to: Sample): CounterRates {
  // Of a shorter time a rate would be a guess.
  const spanMs = Math.max(EVERY_MS, to.atMs - from.atMs);
  const grown = (counter: Counter): number =>
    counterIn(to.numbers, counter) - counterIn(from.numbers, counter);
  const percentOf = (partMs: number): number => Math.min(100, (100 * partMs) / spanMs);
  const ranPercent = percentOf(to.use.ranMs - from.use.ranMs);
  const waitedPercent = percentOf(to.use.waitedMs - from.use.waitedMs);
  const lines = linesIn(to.numbers) - linesIn(from.numbers);
  return {
    windowSeconds: round(spanMs / 1_000),
    lines,
    linesPerSecond: round(lines / (spanMs / 1_000)),
    kbPerSecond: round(grown('bytes') / 1_024 / (spanMs / 1_000)),
    writingSharePercent: round(ownPercent(percentOf(grown('spentMs')), { ranPercent, waitedPercent })),
    mainRanPercent: round(ranPercent),
    mainWaitedPercent: round(waitedPercent),
    untoldLines: grown('untoldLines'),
  };
}
