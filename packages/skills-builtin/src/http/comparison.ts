// Each route or call as it is now beside what it usually is. What is usual is the lower quarter of the slices before,
// not their mean: a fault that has lasted for most of them must not become the measure of itself. Of rates it is the
// median, for a slice may be cut. Pure.
import type { JsonObject } from '@nodelens/core';
import { median } from '../statistics.ts';
import { round } from '../wording.ts';
import { countOf, mergeByName, type Slice } from './ledger.ts';
import { FINE_MINUTES, FINE_MS, type Records, type SideName } from './records.ts';
import { Tally } from './tally.ts';

/** Now: the last 10 s, or the last minute where there are fewer than so many in that time. */
const NOW_MS = 10_000;
const NOW_LONG_MS = 60_000;
const NOW_COUNT = 10;
/** A slice with fewer tells nothing of a quantile. */
const SLICE_COUNT = 3;
const USUAL_SHARE = 0.25;

export interface Figures {
  readonly count: number;
  readonly perSecond: number;
  readonly failedPercent: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Until a connection was there, on average. */
  readonly queuedMs: number;
  /** Requests of it for each one that is served; `null` when none is. */
  readonly perServed: number | null;
}

export interface Compared {
  readonly name: string;
  readonly present: Figures & { readonly windowSeconds: number; readonly failures: number };
  /** Undefined when too little came before. */
  readonly usual: (Figures & { readonly slices: number }) | undefined;
}

/**
 * Those that ended within the last minute, most often first.
 * @param nameOf under which name a route or call is compared; the same for several adds them
 */
export function compare(
  records: Records,
  side: SideName,
  nowMs: number,
  nameOf: (name: string) => string = (name) => name,
): readonly Compared[] {
  // Not beyond the fine slices.
  const fromMs = nowMs - FINE_MINUTES * 60_000 + FINE_MS;
  const all = records.slices(side, fromMs, nowMs + 1).map((slice) => renamed(slice, nameOf));
  const served = new Map(
    records.slices('server', fromMs, nowMs + 1).map((slice) => [slice.startedAtMs, countOf([slice])]),
  );
  const recent = all.filter(({ startedAtMs }) => startedAtMs >= nowMs - NOW_LONG_MS);
  const names = new Set(recent.flatMap(({ tallies }) => [...tallies.keys()]));
  return [...names]
    .map((name) =>
      compareOne(
        name,
        all.map((slice) => one(slice, name, served)),
        nowMs,
      ),
    )
    .sort((a, b) => b.present.count - a.present.count);
}

function renamed(slice: Slice, nameOf: (name: string) => string): Slice {
  const tallies = new Map<string, Tally>();
  for (const [name, tally] of slice.tallies) {
    const into = tallies.get(nameOf(name)) ?? new Tally();
    into.merge(tally);
    tallies.set(nameOf(name), into);
  }
  return { ...slice, tallies };
}

interface SliceOfOne {
  readonly startedAtMs: number;
  readonly tally: Tally | undefined;
  readonly served: number;
}

const one = (slice: Slice, name: string, served: ReadonlyMap<number, number>): SliceOfOne => ({
  startedAtMs: slice.startedAtMs,
  tally: slice.tallies.get(name),
  served: served.get(slice.startedAtMs) ?? 0,
});

function compareOne(name: string, slices: readonly SliceOfOne[], nowMs: number): Compared {
  const since = (fromMs: number): SliceOfOne[] => slices.filter(({ startedAtMs }) => startedAtMs >= fromMs);
  const isOften = merged(since(nowMs - NOW_MS)).count >= NOW_COUNT;
  const present = since(nowMs - (isOften ? NOW_MS : NOW_LONG_MS));
  const seconds = Math.max(1, (nowMs - (present[0]?.startedAtMs ?? nowMs)) / 1_000);
  const tally = merged(present);
  return {
    name,
    present: {
      windowSeconds: round(seconds),
      failures: Math.round(tally.failures),
      ...figuresOf(
        tally,
        seconds,
        present.reduce((sum, { served }) => sum + served, 0),
      ),
    },
    usual: usualOf(slices.slice(0, slices.length - present.length)),
  };
}

function usualOf(slices: readonly SliceOfOne[]): Compared['usual'] {
  const telling = slices
    .filter(({ tally }) => (tally?.count ?? 0) >= SLICE_COUNT)
    .map(({ tally = new Tally(), served }) => figuresOf(tally, FINE_MS / 1_000, served));
  // What is asked for less often than that is judged by all that came before.
  const rare = merged(slices);
  if (telling.length === 0)
    return rare.count < NOW_COUNT
      ? undefined
      : { slices: 1, ...figuresOf(rare, (slices.length * FINE_MS) / 1_000, 0), perServed: null };
  const quarter = (of: (figures: Figures) => number): number =>
    telling.map(of).sort((a, b) => a - b)[Math.floor(telling.length * USUAL_SHARE)] ?? 0;
  const ratios = telling.map(({ perServed }) => perServed).filter((ratio) => ratio !== null);
  return {
    slices: telling.length,
    count: Math.round(rare.count),
    perSecond: median(telling.map(({ perSecond }) => perSecond)),
    failedPercent: quarter(({ failedPercent }) => failedPercent),
    p50Ms: quarter(({ p50Ms }) => p50Ms),
    p95Ms: quarter(({ p95Ms }) => p95Ms),
    queuedMs: quarter(({ queuedMs }) => queuedMs),
    perServed: ratios.length === 0 ? null : median(ratios),
  };
}

function merged(slices: readonly SliceOfOne[]): Tally {
  const into = new Tally();
  for (const { tally } of slices) if (tally !== undefined) into.merge(tally);
  return into;
}

const figuresOf = (tally: Tally, seconds: number, served: number): Figures => ({
  count: Math.round(tally.count),
  perSecond: round(tally.count / seconds, 2),
  failedPercent: tally.count === 0 ? 0 : round((100 * tally.failures) / tally.count),
  p50Ms: round(tally.quantileMs(0.5)),
  p95Ms: round(tally.quantileMs(0.95)),
  queuedMs: tally.count === 0 ? 0 : round(tally.queuedSumMs / tally.count),
  perServed: served === 0 ? null : round(tally.count / served, 2),
});

/** What a name did in the last `minutes`, with all figures; most often first. */
export function totals(
  records: Records,
  side: SideName,
  nowMs: number,
  minutes: number,
  nameOf: (name: string) => string = (name) => name,
): readonly JsonObject[] {
  const slices = records
    .slices(side, nowMs - minutes * 60_000, nowMs + 1)
    .map((slice) => renamed(slice, nameOf));
  const seconds = Math.max(1, (nowMs - (slices[0]?.startedAtMs ?? nowMs)) / 1_000);
  const byName = [...mergeByName(slices)].sort(([, a], [, b]) => b.count - a.count);
  const all = byName.reduce((sum, [, { count }]) => sum + count, 0);
  return byName.map(([name, tally]) => ({
    name,
    ...figuresOf(tally, Math.min(seconds, minutes * 60), 0),
    sharePercent: all === 0 ? 0 : round((100 * tally.count) / all),
    failures: Math.round(tally.failures),
    status4xx: Math.round(tally.status4xx),
    aborted: Math.round(tally.aborted),
    p99Ms: round(tally.quantileMs(0.99)),
    maxMs: round(tally.maxMs),
    maxQueuedMs: round(tally.maxQueuedMs),
    codes: Object.fromEntries([...(tally.codes ?? [])].map(([code, count]) => [code, Math.round(count)])),
  }));
}
