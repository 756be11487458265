// What scripts may ask about the log. Everything is read from the recorder's memory, also while main is blocked.
import type { Callback, JsonObject, ProbeFeed } from '@nodelens/core';
import * as v from 'valibot';
import { round } from '../wording.ts';
import { type CostSources, costlyWrites, loggingCost } from './cost.ts';
import type { CounterHistory } from './counter-history.ts';
import { COUNTERS, type Counter, counterIn } from './counters.ts';
import {
  type CountedPattern,
  errorFigures,
  frequentPatterns,
  isNew,
  lineFigures,
  patternFigures,
  type View,
} from './figures.ts';
import { LEVELS, type Level } from './levels.ts';
import { type Locate, locatedPlace } from './located-place.ts';
import type { KeptLine } from './log-store.ts';

const MINUTE_MS = 60_000;

const limit = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 20);
const windowSeconds = v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(900)), 300);
const level = v.optional(v.nullable(v.picklist(LEVELS)), null);
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

export interface Sources extends CostSources {
  readonly feed: ProbeFeed;
}

type Callbacks = { readonly [name: string]: Callback };

export const loggerCallbacks = (sources: Sources): Callbacks => ({
  ...statistics(sources),
  ...cost(sources),
  ...patterns(sources),
  ...lines(sources),
});

const statistics = ({ view, counters, feed }: Sources): Callbacks => ({
  logger_stats: {
    description:
      'Lines of the last 1, 5 and 15 minutes by level (per minute), errors of the last minute against the minutes before, lines and KB per second, share of main (without its waits for a core, mainWaitedPercent) that writing took, totals by source since recording began. unreadLines were counted, but too many to be read.',
    run: () => ({
      ...errorFigures(view()),
      last1m: windowFigures(view(), counters, MINUTE_MS),
      last5m: windowFigures(view(), counters, 5 * MINUTE_MS),
      last15m: windowFigures(view(), counters, 15 * MINUTE_MS),
      last10s: { ...counters.rates(10_000) },
      totals: Object.fromEntries(
        (Object.keys(COUNTERS) as Counter[]).map((name) => [name, round(counterIn(feed.numbers, name))]),
      ),
    }),
  },
  logger_loggers: {
    description:
      'The loggers of the kept lines (the newest 2,000, and 500 severe ones): name, lines, warnings, errors; most errors first, then most lines.',
    params: { limit },
    run: (count: number) =>
      [...Map.groupBy(view().store.lines(), ({ logger }) => logger)]
        .map(([logger, kept]) => ({
          logger,
          lines: kept.length,
          warnings: kept.filter((line) => line.level === 'warn').length,
          errors: kept.filter((line) => line.level === 'error' || line.level === 'fatal').length,
        }))
        .sort((a, b) => b.errors - a.errors || b.lines - a.lines)
        .slice(0, count),
  },
});

const cost = (sources: CostSources): Callbacks => ({
  logger_cost: {
    description:
      'What logging costs main, over the last seconds (60 at most): lines and KB per second, share of main (without its waits for a core) measured around the writes (0 to 100), and the most frequent patterns (fields as of logger_patterns) with place, the function that logs them; through, the logging function of the app that they go through, if any; and throughMainPercent, the share of main in that function by the CPU profile.',
    params: {
      windowSeconds: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(60)), 10),
      limit,
    },
    // The profile is read over main, which may be busy with the lines.
    timeoutMs: 15_000,
    run: (seconds: number, count: number) => loggingCost(sources, seconds * 1_000, count),
  },
  logger_costly: {
    description:
      'Single writes that took main 1 ms and more over the last seconds (60 at most; some ten in a second are looked at), by the function that logs, most ms first: place (null: not known), writes, ms in all, meanMs, meanKb.',
    params: { windowSeconds: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(60)), 10) },
    run: (seconds: number) => costlyWrites(sources, seconds * 1_000),
  },
});

function windowFigures(
  { store, nowMs, startedAtMs }: View,
  counters: CounterHistory,
  windowMs: number,
): JsonObject {
  const minutes = Math.min(windowMs, Math.max(1_000, nowMs - startedAtMs)) / MINUTE_MS;
  const rates = counters.rates(windowMs);
  const perMinute = (least: Level, above?: Level): number =>
    round(
      (store.count(windowMs, nowMs, least) -
        (above === undefined ? 0 : store.count(windowMs, nowMs, above))) /
        minutes,
    );
  return {
    linesPerMinute: round(rates.linesPerSecond * 60),
    errorsPerMinute: perMinute('error'),
    warningsPerMinute: perMinute('warn', 'error'),
    othersPerMinute: perMinute('debug', 'warn'),
    writingSharePercent: rates.writingSharePercent,
    unreadLines: rates.untoldLines,
  };
}

const patterns = ({ view, context }: Sources): Callbacks => ({
  logger_patterns: {
    description:
      'What is logged, as patterns (values masked as `<num>`, `<uuid>`, `<path>` …, differing words as `<*>`), most frequent in the window first: pattern, level, logger, countInWindow, countTotal, firstSeenSecondsAgo, lastSeenSecondsAgo, example (the newest line), thrownBy (the function of the app that threw the error that was logged, if its stack tells), isNew (it was not there before, and comes over and over). level: this one and worse.',
    params: { windowSeconds, level, limit },
    run: (seconds: number, least: Level | null, count: number) => {
      const now = view();
      const found = frequentPatterns(now, { windowMs: seconds * 1_000, least: least ?? undefined });
      return withThrowers(found.slice(0, count), now, context);
    },
  },
  logger_new_patterns: {
    description:
      'The patterns that were seen for the first time within the last sinceSeconds, newest first; fields as of logger_patterns. All are new in a process that has just started.',
    params: { sinceSeconds: windowSeconds, level, limit },
    run: (seconds: number, least: Level | null, count: number) => {
      const now = view();
      const found = frequentPatterns(now, { windowMs: seconds * 1_000, least: least ?? undefined })
        .filter(({ pattern }) => pattern.firstSeenMs >= now.nowMs - seconds * 1_000)
        .sort((a, b) => b.pattern.firstSeenMs - a.pattern.firstSeenMs);
      return withThrowers(found.slice(0, count), now, context);
    },
  },
});

const withThrowers = (
  found: readonly CountedPattern[],
  view: View,
  context: Locate,
): Promise<readonly JsonObject[]> =>
  Promise.all(
    found.map(async (one) => ({
      ...patternFigures(one, view.nowMs),
      isNew: isNew(one.pattern, view),
      thrownBy: await locatedPlace(context, one.pattern.thrownBy),
    })),
  );

const lines = ({ view }: Sources): Callbacks => {
  const find = (count: number, least: Level | null, is: (line: KeptLine) => boolean): readonly JsonObject[] =>
    view()
      .store.lines(least ?? undefined)
      .filter(is)
      .slice(0, count)
      .map(lineFigures);
  return {
    logger_recent: {
      description:
        'The newest lines: atMs, level, logger, message, errorName, patternId. level: this one and worse.',
      params: { limit, level },
      run: (count: number, least: Level | null) => find(count, least, () => true),
    },
    logger_errors: {
      description: 'The newest lines of the levels error and fatal; fields as of logger_recent.',
      params: { limit },
      run: (count: number) => find(count, 'error', () => true),
    },
    logger_search: {
      description:
        'The newest kept lines whose message contains a text (no pattern; upper and lower case are the same); fields as of logger_recent.',
      params: { text, level, limit },
      run: (wanted: string, least: Level | null, count: number) => {
        const needle = wanted.toLowerCase();
        return find(count, least, ({ message }) => message.toLowerCase().includes(needle));
      },
    },
    logger_by_logger: {
      description: 'The newest lines of the loggers whose name contains a text; fields as of logger_recent.',
      params: { name: text, level, limit },
      run: (name: string, least: Level | null, count: number) => {
        const needle = name.toLowerCase();
        return find(count, least, ({ logger }) => logger.toLowerCase().includes(needle));
      },
    },
  };
};
