// Arrivals, completions and what is in flight, second by second, from the counters of the probe `requests`; and by
// Little's law (L = lambda * W, which also holds for finite windows: Little 2011) how long a request stays.
import type { ProbeFeed } from '@nodelens/core';
import { slot } from '../requests/slots.ts';
import type { Point } from './growth.ts';

export type Side = 'server' | 'client';

export interface Flow {
  readonly seconds: number;
  readonly arrivals: number;
  readonly completions: number;
  readonly arrivalsPerSecond: number;
  readonly completionsPerSecond: number;
  readonly inFlightMean: number;
  readonly inFlight: number;
  /** Mean in flight by completions per second; undefined when nothing was completed. */
  readonly staysMs: number | undefined;
}

export interface FlowHistory {
  /** @param counts that the probe has now */
  record(atMs: number, counts: Float64Array): void;
  /** Undefined without two readings in the window. */
  between(side: Side, fromMs: number, toMs: number): Flow | undefined;
  /** Oldest first. */
  inFlight(side: Side, sinceMs: number): readonly Point[];
}

interface Sample {
  readonly atMs: number;
  readonly server: Counts;
  readonly client: Counts;
}

interface Counts {
  readonly started: number;
  readonly ended: number;
}

/** An hour of seconds: 0.4 MB. */
const CAPACITY = 3_600;

export const hasCounts = ({ numbers, failure }: ProbeFeed): boolean =>
  failure === undefined && numbers.length > slot.clientFailed;

export const inFlightOf = (counts: Float64Array, side: Side): number => {
  const { started, ended } = countsOf(counts, side);
  return Math.max(0, started - ended);
};

function countsOf(numbers: Float64Array, side: Side): Counts {
  const at = (index: number): number => numbers[index] ?? 0;
  return side === 'server'
    ? { started: at(slot.serverStarted), ended: at(slot.serverFinished) + at(slot.serverAborted) }
    : { started: at(slot.clientStarted), ended: at(slot.clientFinished) + at(slot.clientFailed) };
}

export function createFlowHistory(): FlowHistory {
  // Oldest first; trimmed in bulk.
  let samples: Sample[] = [];
  const within = (fromMs: number, toMs: number): readonly Sample[] =>
    samples.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  return {
    record(atMs, counts) {
      samples.push({ atMs, server: countsOf(counts, 'server'), client: countsOf(counts, 'client') });
      if (samples.length >= 2 * CAPACITY) samples = samples.slice(-CAPACITY);
    },
    between: (side, fromMs, toMs) => flowOf(within(fromMs, toMs), side),
    inFlight: (side, sinceMs) =>
      within(sinceMs, Number.POSITIVE_INFINITY).map((sample) => ({
        atMs: sample.atMs,
        value: openOf(sample[side]),
      })),
  };
}

function flowOf(samples: readonly Sample[], side: Side): Flow | undefined {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
  const seconds = (last.atMs - first.atMs) / 1_000;
  const arrivals = last[side].started - first[side].started;
  const completions = last[side].ended - first[side].ended;
  const inFlightMean = meanInFlight(samples, side);
  return {
    seconds,
    arrivals,
    completions,
    arrivalsPerSecond: arrivals / seconds,
    completionsPerSecond: completions / seconds,
    inFlightMean,
    inFlight: openOf(last[side]),
    staysMs: completions === 0 ? undefined : (1_000 * inFlightMean * seconds) / completions,
  };
}

const openOf = ({ started, ended }: Counts): number => Math.max(0, started - ended);

/** By time: the readings of a quiet process are further apart. */
function meanInFlight(samples: readonly Sample[], side: Side): number {
  let area = 0;
  let before: Sample | undefined;
  for (const sample of samples) {
    if (before !== undefined)
      area += ((openOf(before[side]) + openOf(sample[side])) / 2) * (sample.atMs - before.atMs);
    before = sample;
  }
  return area / ((before?.atMs ?? 0) - (samples[0]?.atMs ?? 0));
}

export type Reason = 'arrivals-rose' | 'service-slowed' | 'both' | 'unclear';

/** A quarter more arrivals is more load; half as long again is a slower service. Below that it is noise. */
const MORE_ARRIVALS = 1.25;
const LONGER_STAY = 1.5;
const FEWER_COMPLETIONS = 0.75;
const KEPT_UP = 0.9;

/**
 * Why more is in flight than before. A full service also keeps its requests for longer when more arrive, so a longer
 * stay is its own cause only when the arrivals did not rise, or when fewer are completed than before.
 */
export function reasonOfGrowth(before: Flow | undefined, now: Flow | undefined): Reason {
  if (before === undefined || now === undefined || before.arrivals === 0) return 'unclear';
  const rose = now.arrivalsPerSecond >= MORE_ARRIVALS * before.arrivalsPerSecond;
  // Fewer arrivals are completed in fewer.
  const fewer =
    now.completionsPerSecond <= FEWER_COMPLETIONS * before.completionsPerSecond &&
    now.completionsPerSecond < KEPT_UP * now.arrivalsPerSecond;
  if (rose) return fewer ? 'both' : 'arrivals-rose';
  const longer =
    before.staysMs !== undefined &&
    (now.staysMs === undefined || now.staysMs >= LONGER_STAY * before.staysMs);
  return fewer || longer ? 'service-slowed' : 'unclear';
}
