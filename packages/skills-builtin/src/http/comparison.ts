// Each route or call as it is now beside what it usually is. What is usual is the lower quarter of the slices before,
// not their mean: a fault that has lasted for most of them must not become the measure of itself. Of rates the first slice
// is left out, for it may be cut. Pure.
import type { JsonObject } from '@nodelens/core';
import { sum } from '../statistics.ts';
import { round } from '../wording.ts';
import { LONG_MS } from './in-flight.ts';
import { countOf, mergeByName, type Slice } from './ledger.ts';
import { FINE_MINUTES, FINE_MS, type Kind, type Records } from './records.ts';
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

/** All that is known of, most often first; also what has not ended of late, for it may hang. */
export function compare(records: Records, kind: Kind, nowMs: number): readonly Compared[] {
  // Not beyond the fine slices.
  const fromMs = nowMs - FINE_MINUTES * 60_000 + FINE_MS;
  const all = records.slices(kind, fromMs, nowMs + 1);
  const served = new Map(
    records.slices('route', fromMs, nowMs + 1).map((slice) => [slice.startedAtMs, countOf([slice])]),
  );
  const names = new Set(all.flatMap(({ tallies }) => [...tallies.keys()]));
  return [...names]
    .map((name) => compareOne(name, { all, served }, nowMs))
    .sort((a, b) => b.present.count - a.present.count);
}

interface Past {
  readonly all: readonly Slice[];
  /** How many requests were served in a slice, by its beginning. */
  readonly served: ReadonlyMap<number, number>;
}

function compareOne(name: string, { all, served }: Past, nowMs: number): Compared {
  const since = (fromMs: number): readonly Slice[] => all.filter(({ startedAtMs }) => startedAtMs >= fromMs);
  const isOften = merged(since(nowMs - NOW_MS), name).count >= NOW_COUNT;
  const present = since(nowMs - (isOften ? NOW_MS : NOW_LONG_MS));
  const seconds = Math.max(1, (nowMs - (present[0]?.startedAtMs ?? nowMs)) / 1_000);
  const tally = merged(present, name);
  const servedMeanwhile = sum(present.map(({ startedAtMs }) => served.get(startedAtMs) ?? 0));
  return {
    name,
    present: {
      windowSeconds: round(seconds),
      failures: Math.round(tally.failures),
      ...rounded(figuresOf(tally, seconds, servedMeanwhile)),
    },
    usual: usualKept(name, { all: all.slice(0, all.length - present.length), served }),
  };
}

/** What is usual changes with each slice that is over, not with each look. */
const usuals = new WeakMap<Slice, Map<string, Compared['usual']>>();

function usualKept(name: string, past: Past): Compared['usual'] {
  const last = past.all.at(-1);
  if (last === undefined) return undefined;
  const known = usuals.get(last) ?? new Map<string, Compared['usual']>();
  usuals.set(last, known);
  if (!known.has(name)) known.set(name, usualOf(name, past));
  return known.get(name);
}

function usualOf(name: string, { all, served }: Past): Compared['usual'] {
  const known = all.flatMap((slice) => {
    const tally = slice.tallies.get(name);
    return tally === undefined ? [] : [{ tally, served: served.get(slice.startedAtMs) ?? 0, slice }];
  });
  const count = sum(known.map(({ tally }) => tally.count));
  const telling = known
    .filter(({ tally }) => tally.count >= SLICE_COUNT)
    .map((one) => ({ ...figuresOf(one.tally, FINE_MS / 1_000, one.served), isFirst: one.slice === all[0] }));
  // What is asked for less often than that is judged by all that came before.
  if (telling.length === 0)
    return count < NOW_COUNT
      ? undefined
      : { slices: 1, ...rounded(figuresOf(merged(all, name), (all.length * FINE_MS) / 1_000, 0)) };
  const quarter = (of: (figures: Figures) => number, some: readonly Figures[] = telling): number =>
    Float64Array.from(some, of).sort()[Math.floor(some.length * USUAL_SHARE)] ?? 0;
  const whole = telling.length > 1 ? telling.filter(({ isFirst }) => !isFirst) : telling;
  const ratios = telling.filter(({ perServed }) => perServed !== null);
  const usual = rounded({
    count,
    perSecond: quarter(({ perSecond }) => perSecond, whole),
    failedPercent: quarter(({ failedPercent }) => failedPercent),
    p50Ms: quarter(({ p50Ms }) => p50Ms),
    p95Ms: quarter(({ p95Ms }) => p95Ms),
    queuedMs: quarter(({ queuedMs }) => queuedMs),
    perServed: ratios.length === 0 ? null : quarter(({ perServed }) => perServed ?? 0, ratios),
  });
  return { slices: telling.length, ...usual };
}

function merged(slices: readonly Slice[], name: string): Tally {
  const into = new Tally();
  for (const { tallies } of slices) {
    const tally = tallies.get(name);
    if (tally !== undefined) into.merge(tally);
  }
  return into;
}

const figuresOf = (tally: Tally, seconds: number, served: number): Figures => ({
  count: tally.count,
  perSecond: tally.count / seconds,
  failedPercent: tally.count === 0 ? 0 : (100 * tally.failures) / tally.count,
  p50Ms: tally.quantileMs(0.5),
  p95Ms: tally.quantileMs(0.95),
  queuedMs: tally.count === 0 ? 0 : tally.queuedSumMs / tally.count,
  perServed: served === 0 ? null : tally.count / served,
});

const rounded = (figures: Figures): Figures => ({
  count: Math.round(figures.count),
  perSecond: round(figures.perSecond, 2),
  failedPercent: round(figures.failedPercent),
  p50Ms: round(figures.p50Ms),
  p95Ms: round(figures.p95Ms),
  queuedMs: round(figures.queuedMs),
  perServed: figures.perServed === null ? null : round(figures.perServed, 2),
});

/** What each name did in the last `minutes`, with all figures; most often first. */
export function totals(records: Records, kind: Kind, nowMs: number, minutes: number): readonly JsonObject[] {
  const slices = records.slices(kind, nowMs - minutes * 60_000, nowMs + 1);
  const seconds = Math.max(1, (nowMs - (slices[0]?.startedAtMs ?? nowMs)) / 1_000);
  const byName = [...mergeByName(slices)].sort(([, a], [, b]) => b.count - a.count);
  const all = sum(byName.map(([, { count }]) => count));
  return byName.map(([name, tally]) => ({
    name,
    ...rounded(figuresOf(tally, Math.min(seconds, minutes * 60), 0)),
    sharePercent: all === 0 ? 0 : round((100 * tally.count) / all),
    failures: Math.round(tally.failures),
    status4xx: Math.round(tally.status4xx),
    aborted: Math.round(tally.aborted),
    p99Ms: round(tally.quantileMs(0.99)),
    maxMs: round(tally.maxMs),
    maxQueuedMs: round(tally.maxQueuedMs),
    lastAgoMs: Math.max(0, nowMs - tally.lastAtMs),
    answeredLate: Math.max(0, Math.round(tally.countFrom(LONG_MS) - tally.failures)),
    codes: Object.fromEntries([...(tally.codes ?? [])].map(([code, count]) => [code, Math.round(count)])),
  }));
}
