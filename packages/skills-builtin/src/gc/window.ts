// What the ring of collections says over a window. Pure. Forced ones (a profiler's reading) are ours, not the app's.
import type { GcEvent, RecorderContext } from '@nodelens/core';
import { max, sum } from '../statistics.ts';
import { round } from '../wording.ts';

export interface KindFigures {
  readonly count: number;
  readonly perMinute: number;
  readonly totalMs: number;
  readonly longestMs: number;
}

export interface GcFigures {
  readonly windowSeconds: number;
  /** Share of the window in which main stood still for collections, 0 to 100. */
  readonly pauseSharePercent: number;
  readonly longestPauseMs: number;
  readonly forced: number;
  readonly minor: KindFigures;
  readonly major: KindFigures;
  readonly incremental: KindFigures;
}

/** The window is cut to the time that was recorded, so that the shares of a young process are right. */
export function gcFigures(context: RecorderContext, windowMs: number): GcFigures {
  const recordedMs = Math.max(1_000, context.now() - context.startedAtMs);
  const spanMs = Math.min(windowMs, recordedMs);
  const all = context.gc.since(spanMs);
  const events = all.filter(({ forced }) => !forced);
  const of = (kind: GcEvent['kind']): KindFigures =>
    kindFigures(
      events.filter((event) => event.kind === kind),
      spanMs,
    );
  return {
    windowSeconds: round(spanMs / 1000),
    pauseSharePercent: round((100 * sum(events.map(({ durationMs }) => durationMs))) / spanMs, 2),
    longestPauseMs: round(max(events.map(({ durationMs }) => durationMs))),
    forced: all.length - events.length,
    minor: of('minor'),
    major: of('major'),
    incremental: of('incremental'),
  };
}

const kindFigures = (events: readonly GcEvent[], spanMs: number): KindFigures => ({
  count: events.length,
  perMinute: round((events.length * 60_000) / spanMs),
  totalMs: round(sum(events.map(({ durationMs }) => durationMs))),
  longestMs: round(max(events.map(({ durationMs }) => durationMs))),
});
