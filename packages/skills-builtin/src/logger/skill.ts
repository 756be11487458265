// The skill `logger` on the recorder thread: reads the lines that its probe tells, keeps the newest, and counts.
import type { JsonObject, ProbeFeed, RecorderContext, Skill } from '@nodelens/core';
import { textOf } from '../evidence.ts';
import { loggerCallbacks } from './callbacks.ts';
import { createCostlyWrites } from './costly-writes.ts';
import { type CounterHistory, createCounterHistory } from './counter-history.ts';
import { counterIn, linesIn } from './counters.ts';
import { errorFigures, newestErrorPattern, type View } from './figures.ts';
import { loggerChecks, loggerKeywords, loggerPrompt } from './knowledge.ts';
import { createLogStore, type LogStore } from './log-store.ts';
import { createOrigins, type Origins } from './origins.ts';
import { readEvent } from './read-line.ts';

const MINUTE_MS = 60_000;

export function createLoggerSkill(context: RecorderContext, _options: JsonObject, feed: ProbeFeed): Skill {
  const store = createLogStore();
  const counters = createCounterHistory(feed, context);
  const origins = createOrigins();
  const costly = createCostlyWrites();
  feed.onEvent((event) => {
    if (event.source === 'cost') costly.add(event);
    else keep(event, store, origins);
  });
  const view = (): View => ({ store, nowMs: context.now(), startedAtMs: context.startedAtMs });
  return {
    id: 'logger',
    title: 'Log output',
    description:
      'What the app logs (console, pino, winston, bunyan, plain writes): rates by level, error bursts, patterns of lines, floods; names the pattern and its logger',
    systemPrompt: loggerPrompt,
    keywords: loggerKeywords,
    snapshot: () => snapshotOf(view(), feed, counters),
    callbacks: loggerCallbacks({ view, counters, feed, origins, costly, context }),
    checks: loggerChecks,
  };
}

function keep(event: JsonObject, store: LogStore, origins: Origins): void {
  const patternIds = readEvent(event).map((line) => store.add(line));
  const [only] = patternIds;
  // Several lines at once were gathered by the logger: the stack is of whoever made it write.
  if (patternIds.length === 1 && only !== undefined && event.stack !== undefined)
    origins.add(only, textOf(event.stack));
}

function snapshotOf(view: View, feed: ProbeFeed, counters: CounterHistory): JsonObject {
  const { store, nowMs } = view;
  const recent = counters.rates(10_000);
  const minute = counters.rates(MINUTE_MS);
  const { errors1m, errorPercent1m, baselinePerMinute, baselineMinutes } = errorFigures(view);
  const fresh = newestErrorPattern(view);
  const warningsAndErrors1m = store.count(MINUTE_MS, nowMs, 'warn');
  return {
    lines1m: minute.lines,
    errors1m,
    warnings1m: warningsAndErrors1m - errors1m,
    errorPercent1m,
    errorsPerMinuteBefore: baselinePerMinute,
    minutesBefore: baselineMinutes,
    newErrorPatternLines5m: fresh?.inWindow ?? 0,
    newErrorPatternShare5m: fresh?.share ?? 0,
    patterns: store.miner.patterns().length,
    linesPerSecond10s: recent.linesPerSecond,
    kbPerSecond10s: recent.kbPerSecond,
    writingShare10sPercent: recent.writingSharePercent,
    mainWaited10sPercent: recent.mainWaitedPercent,
    unreadLines1m: minute.untoldLines,
    linesTotal: linesIn(feed.numbers),
    errorLinesTotal: counterIn(feed.numbers, 'errorLines'),
    unavailable: unavailableOf(feed),
  };
}

function unavailableOf({ failure, numbers }: ProbeFeed): readonly string[] {
  if (failure !== undefined) return [`log lines: ${failure}`];
  return numbers.length === 0 ? ['log lines: nothing watches them on the main thread'] : [];
}
