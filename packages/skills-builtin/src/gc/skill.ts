// The skill `gc` on the recorder thread: collections from the ring, allocating functions from the sampler.
import type { JsonObject, RecorderContext, Skill } from '@nodelens/core';
import { floorTrend } from '../heap-floor.ts';
import { heapLimitReader } from '../heap-limit.ts';
import { mean } from '../statistics.ts';
import { round } from '../wording.ts';
import { gcCallbacks } from './callbacks.ts';
import { forecastFor } from './callbacks-past.ts';
import { gcChecks, gcKeywords, gcPrompt } from './knowledge.ts';
import { ownMs } from './own-time.ts';
import { collectionsSince, gcFigures } from './window.ts';

const MINUTE_MS = 60_000;

export function createGcSkill(context: RecorderContext): Skill {
  const readHeapLimit = heapLimitReader(context);
  return {
    id: 'gc',
    title: 'Garbage collection',
    description:
      "Garbage collection of main's heap: pauses, rates, pressure, heap limit; names the functions that allocate most",
    systemPrompt: gcPrompt,
    keywords: gcKeywords,
    snapshot: async () => snapshotOf(context, await readHeapLimit()),
    callbacks: gcCallbacks(context, readHeapLimit),
    checks: gcChecks,
  };
}

function snapshotOf(context: RecorderContext, heapLimitMb: number | undefined): JsonObject {
  const minute = gcFigures(context, MINUTE_MS);
  const recent = gcFigures(context, 10_000);
  const now = context.vitals.newest(1)[0];
  const trend = floorTrend(context.vitals.since(5 * MINUTE_MS), context.gc.since(5 * MINUTE_MS));
  return {
    minorPerMinute: minute.minor.perMinute,
    majorPerMinute: minute.major.perMinute,
    pauseShare1mPercent: minute.pauseSharePercent,
    pauseShare10sPercent: recent.pauseSharePercent,
    processCpu10sPercent: round(
      mean(context.vitals.since(10_000).map(({ processCpuPercent }) => processCpuPercent)),
    ),
    minorPerSecond10s: round(recent.minor.perMinute / 60),
    majorPerSecond10s: round(recent.major.perMinute / 60),
    longestPause1mMs: minute.longestPauseMs,
    longPauses1m: collectionsSince(context, MINUTE_MS).filter((gc) => !gc.forced && ownMs(gc) >= 100).length,
    heapUsedMb: now?.heapUsedMb,
    heapFloorMb: trend?.floorMb,
    heapFloorMbPerMinute: trend?.mbPerMinute,
    heapLimitMb,
    minutesUntilHeapLimit: forecastFor(context, heapLimitMb)?.minutesUntilLimit,
    heapUsedPercent:
      now === undefined || heapLimitMb === undefined
        ? undefined
        : round((100 * now.heapUsedMb) / heapLimitMb),
  };
}
