// Whose the memory of the process is, from the ring of vitals: V8's heap, external (Buffers), and what is left of rss,
// which is native. While main is blocked its own figures stand still but rss moves on, so such samples are left out.
import type { JsonObject, RecorderContext, VitalsSample } from '@nodelens/core';
import { max, min } from '../statistics.ts';
import { round } from '../wording.ts';
import { type Growth, growthOf, type Reading, strongestGrowth } from './growth.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Modules are loaded and the recorder starts: the first seconds of a process always grow. */
const STARTING_MS = 5_000;
/** Main publishes once a second; with a longer delay of its loop its figures are far older than the rss beside them. */
const STALE_DELAY_MS = 1_000;
const FRAGMENTED_WINDOW_MS = 5 * MINUTE_MS;

/** What only main can tell is as it was then. */
const isFresh = ({ eventLoopDelayMaxMs }: VitalsSample): boolean => eventLoopDelayMaxMs < STALE_DELAY_MS;

/** Rss beyond V8. A Buffer that nobody has written to is counted as external but not in rss, hence the 0. */
export const nativeMbOf = ({ rssMb, heapTotalMb, externalMb }: VitalsSample): number =>
  Math.max(0, rssMb - heapTotalMb - externalMb);

/** Oldest first; without the start of the process, and without what was sampled while main was blocked. */
export const freshSamples = (context: RecorderContext, windowMs: number): readonly VitalsSample[] =>
  context.vitals
    .since(windowMs)
    .filter((sample) => sample.atMs >= context.startedAtMs + STARTING_MS && isFresh(sample))
    .toReversed();

/** How old the newest figures are that main itself published, in ms: at most a second older. */
export function mainFiguresAgeMs(context: RecorderContext): number {
  const atMs = context.vitals.newest().find(isFresh)?.atMs ?? context.startedAtMs;
  const blockedMs = context.currentStall()?.durationMs ?? 0;
  return Math.max(0, Math.round(Math.max(context.now() - atMs, blockedMs)));
}

export type SeriesName = 'rss' | 'heapTotal' | 'external' | 'native';

const SERIES: { readonly [name in SeriesName]: (sample: VitalsSample) => number } = {
  rss: ({ rssMb }) => rssMb,
  heapTotal: ({ heapTotalMb }) => heapTotalMb,
  external: ({ externalMb }) => externalMb,
  native: nativeMbOf,
};

const readingsOf = (samples: readonly VitalsSample[], name: SeriesName): readonly Reading[] =>
  samples.map((sample) => ({ atMs: sample.atMs, mb: SERIES[name](sample) }));

export interface Growths {
  readonly external: Growth | undefined;
  readonly native: Growth | undefined;
  /** How much the others rose in the window of `native`. */
  readonly besideNative: {
    readonly rssMb: number;
    readonly heapTotalMb: number;
    readonly externalMb: number;
  };
}

export function growthsOf(context: RecorderContext): Growths {
  const samples = freshSamples(context, HOUR_MS);
  const nowMs = context.now();
  const native = strongestGrowth(readingsOf(samples, 'native'), nowMs);
  const sinceMs = nowMs - ((native?.windowSeconds ?? 0) * 1000 * 5) / 4;
  const beside = samples.filter(({ atMs }) => atMs >= sinceMs);
  const risen = (name: SeriesName): number => growthOf(readingsOf(beside, name))?.risenMb ?? 0;
  return {
    external: strongestGrowth(readingsOf(samples, 'external'), nowMs),
    native,
    besideNative: { rssMb: risen('rss'), heapTotalMb: risen('heapTotal'), externalMb: risen('external') },
  };
}

/** Of one series in windows of 1, 5, 15 and 60 minutes; null where the process is too young. */
export function growthByWindow(context: RecorderContext, name: SeriesName): JsonObject {
  const samples = freshSamples(context, HOUR_MS);
  const since = (minutes: number): JsonObject | null => {
    const fromMs = context.now() - minutes * MINUTE_MS;
    const growth = growthOf(
      readingsOf(
        samples.filter(({ atMs }) => atMs > fromMs),
        name,
      ),
    );
    return growth === undefined ? null : { ...growth };
  };
  return { last1m: since(1), last5m: since(5), last15m: since(15), last60m: since(60) };
}

export interface HeapUsage {
  readonly windowSeconds: number;
  /** Highest heapUsed / heapTotal in it, 0 to 100. */
  readonly maxPercent: number;
  /** Lowest heapTotal - heapUsed in it. */
  readonly unusedMinMb: number;
}

/** How much of the heap that V8 holds was used at the best, within the last 5 minutes. */
export function heapUsageOf(context: RecorderContext): HeapUsage | undefined {
  const samples = freshSamples(context, FRAGMENTED_WINDOW_MS).filter(({ heapTotalMb }) => heapTotalMb > 0);
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return {
    windowSeconds: Math.round((last.atMs - first.atMs) / 1000),
    maxPercent: round(max(samples.map(({ heapUsedMb, heapTotalMb }) => (100 * heapUsedMb) / heapTotalMb))),
    unusedMinMb: round(min(samples.map(({ heapUsedMb, heapTotalMb }) => heapTotalMb - heapUsedMb))),
  };
}
