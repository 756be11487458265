// What the ring of collections says over a window. Pure. Forced ones (a profiler's reading) are ours, not the app's.
import type { GcEvent, RecorderContext } from '@nodelens/core';
import { max, mean, sum } from '../statistics.ts';
import { round } from '../wording.ts';
import { type JudgedGc, judgeCollections, ownMs } from './own-time.ts';

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
  const all = collectionsSince(context, spanMs);
  const events = all.filter(({ forced }) => !forced);
  const of = (kind: GcEvent['kind']): KindFigures =>
    kindFigures(
      events.filter((event) => event.kind === kind),
      spanMs,
    );
  return {
    windowSeconds: round(spanMs / 1000),
    pauseSharePercent: round(
      Math.min(computedPercent(context, spanMs), (100 * sum(events.map(ownMs))) / spanMs),
      2,
    ),
    longestPauseMs: round(max(events.map(ownMs))),
    forced: all.length - events.length,
    minor: of('minor'),
    major: of('major'),
    incremental: of('incremental'),
  };
}

/** The collections of a window, newest first. */
export const collectionsSince = (context: RecorderContext, windowMs: number): readonly JudgedGc[] =>
  judgeCollections(context.gc.since(windowMs), context.stalls.newest());

/** Collections compute: they cannot have taken more than the process had of the machine. */
function computedPercent(context: RecorderContext, spanMs: number): number {
  const samples = context.vitals.since(spanMs);
  return samples.length === 0 ? 100 : mean(samples.map(({ processCpuPercent }) => processCpuPercent));
}

const kindFigures = (events: readonly JudgedGc[], spanMs: number): KindFigures => ({
  count: events.length,
  perMinute: round((events.length * 60_000) / spanMs),
  totalMs: round(sum(events.map(ownMs))),
  longestMs: round(max(events.map(ownMs))),
});
