// What the store says over a window, as scripts and snapshots see it. Pure.
import type { JsonObject } from '@nodelens/core';
import { round } from '../wording.ts';
import { isAtLeast, type Level } from './levels.ts';
import type { KeptLine, LogStore } from './log-store.ts';
import type { Pattern } from './miner.ts';
import { SERIES_MS } from './series.ts';

const MINUTE_MS = 60_000;
/** Less than this much before the last minute is no baseline. */
const MIN_BASELINE_MS = MINUTE_MS;

/** Where and since when one looks. */
export interface View {
  readonly store: LogStore;
  readonly nowMs: number;
  readonly startedAtMs: number;
}

export interface ErrorFigures {
  readonly errors1m: number;
  /** Of all lines that were read in the last minute, 0 to 100. */
  readonly errorPercent1m: number;
  /** Of the minutes before the last one, 14 at most; undefined while there is less than one. */
  readonly baselinePerMinute: number | undefined;
  readonly baselineMinutes: number;
}

export function errorFigures({ store, nowMs, startedAtMs }: View): ErrorFigures {
  const errors1m = store.count(MINUTE_MS, nowMs, 'error');
  const lines1m = store.count(MINUTE_MS, nowMs);
  const beforeMs = Math.min(SERIES_MS, nowMs - startedAtMs) - MINUTE_MS;
  const before = store.count(SERIES_MS, nowMs, 'error') - errors1m;
  return {
    errors1m,
    errorPercent1m: lines1m === 0 ? 0 : round((100 * errors1m) / lines1m),
    baselinePerMinute: beforeMs < MIN_BASELINE_MS ? undefined : round(before / (beforeMs / MINUTE_MS)),
    baselineMinutes: beforeMs < MIN_BASELINE_MS ? 0 : round(beforeMs / MINUTE_MS),
  };
}

export interface PatternFilter {
  readonly windowMs: number;
  readonly least?: Level | undefined;
}

export interface CountedPattern {
  readonly pattern: Pattern;
  readonly inWindow: number;
}

/** What was seen in the window, most frequent first. */
export function frequentPatterns(
  { store, nowMs }: View,
  { windowMs, least = 'debug' }: PatternFilter,
): readonly CountedPattern[] {
  return store.miner
    .patterns()
    .filter(({ level }) => isAtLeast(level, least))
    .map((pattern) => ({ pattern, inWindow: pattern.series.sum(windowMs, nowMs) }))
    .filter(({ inWindow }) => inWindow > 0)
    .sort((a, b) => b.inWindow - a.inWindow);
}

export const patternFigures = ({ pattern, inWindow }: CountedPattern, nowMs: number): JsonObject => ({
  id: pattern.id,
  pattern: pattern.text,
  level: pattern.level,
  logger: pattern.logger,
  errorName: pattern.errorName,
  countInWindow: inWindow,
  countTotal: pattern.count,
  firstSeenSecondsAgo: secondsBetween(pattern.firstSeenMs, nowMs),
  lastSeenSecondsAgo: secondsBetween(pattern.lastSeenMs, nowMs),
  example: pattern.example,
});

const MAX_SHOWN = 400;

export const lineFigures = (line: KeptLine): JsonObject => ({
  atMs: line.atMs,
  level: line.level,
  logger: line.logger,
  message: line.message.slice(0, MAX_SHOWN),
  errorName: line.errorName,
  patternId: line.patternId,
});

const secondsBetween = (fromMs: number, toMs: number): number => round(Math.max(0, toMs - fromMs) / 1_000);

export interface NewPattern {
  readonly pattern: Pattern;
  /** In the last 5 minutes. */
  readonly inWindow: number;
  /** Of the errors of the last 5 minutes, 0 to 1. */
  readonly share: number;
}

const NEW_MS = 5 * MINUTE_MS;
/** Our own choice, as for errors (exceptions): within one run of three seconds at least it is no glitch. */
const MIN_RUN_MS = 3_000;
const GOES_ON_MS = 15_000;
/** What has always come at random stays away for ten times its mean gap once in 22,000 times (e^-10). */
const QUIET_GAPS = 10;

/** The error pattern that began in the last 5 minutes and is the most frequent one of them. */
export function newestErrorPattern(view: View): NewPattern | undefined {
  const { store, nowMs } = view;
  const all = frequentPatterns(view, { windowMs: NEW_MS, least: 'error' });
  const errors = store.count(NEW_MS, nowMs, 'error');
  const found = all.find(({ pattern }) => isNew(pattern, view));
  // A pattern that had to make room begins anew when it comes back, and is not new.
  if (found === undefined || store.miner.evicted > 0) return undefined;
  return { ...found, share: errors === 0 ? 0 : round(Math.min(1, found.inWindow / errors), 2) };
}

/** Not there before, and repeated since: long after the start, and after many lines of others, for how often it comes. */
export function isNew(pattern: Pattern, { store, nowMs, startedAtMs }: View): boolean {
  const { count, firstSeenMs, lastSeenMs, linesBefore } = pattern;
  if (count < 2 || firstSeenMs < nowMs - NEW_MS || lastSeenMs < nowMs - GOES_ON_MS) return false;
  if (lastSeenMs - firstSeenMs < MIN_RUN_MS) return false;
  const gapMs = (lastSeenMs - firstSeenMs) / (count - 1);
  const gapLines = (store.miner.lines - linesBefore) / count;
  return firstSeenMs - startedAtMs >= QUIET_GAPS * gapMs && linesBefore >= QUIET_GAPS * gapLines;
}
