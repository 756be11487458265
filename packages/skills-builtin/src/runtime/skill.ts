// The skill `runtime` on the recorder thread: reads the rings and the armed profile; what it asks of main takes
// a millisecond at most.
import { readdirSync } from 'node:fs';
import type { JsonObject, ProbeFeed, RecorderContext, Skill } from '@nodelens/core';
import { heapLimitReader } from '../heap-limit.ts';
import { createTextReader } from '../system/text-reader.ts';
import { round } from '../wording.ts';
import { runtimeCallbacks } from './callbacks.ts';
import { BASELINE_MS, cpuBaseline } from './cpu-baseline.ts';
import { runtimeChecks, runtimeKeywords, runtimePrompt } from './knowledge.ts';
import { type StallNotes, watchStalls } from './stall-notes.ts';
import { childrenSince } from './waited-children.ts';
import { afterStart, cpuFigures, heapTrend, loopFigures, stallFigures, stallsOf } from './window.ts';

const MINUTE_MS = 60_000;

export function createRuntimeSkill(
  context: RecorderContext,
  _options: JsonObject,
  requests: ProbeFeed,
  workers: ProbeFeed,
  main: ProbeFeed,
): Skill {
  const readHeapLimit = heapLimitReader(context);
  const reader = createTextReader('/');
  const notes = watchStalls({
    context,
    requests,
    main,
    childrenSince: (sinceMs) => childrenSince(reader, { mainTid: process.pid, sinceMs }),
  });
  return {
    id: 'runtime',
    title: 'Node.js runtime',
    description:
      'Event loop, blocked main thread, latency, CPU, memory and threads of the process; names the function that blocks or burns CPU',
    systemPrompt: runtimePrompt,
    keywords: runtimeKeywords,
    snapshot: async () => ({
      ...(await snapshotOf(context, notes, await readHeapLimit())),
      unavailable: unavailable(context, { requests, workers, main }),
    }),
    callbacks: runtimeCallbacks({ context, notes, workers, main }),
    checks: runtimeChecks,
  };
}

/** Of the whole process; undefined where there is no /proc. */
function threadCount(): number | undefined {
  try {
    return readdirSync('/proc/self/task').length;
  } catch {
    return undefined;
  }
}

const unavailable = (
  { limitations }: RecorderContext,
  feeds: { readonly [probe: string]: ProbeFeed },
): readonly string[] => [
  ...limitations,
  ...Object.entries(feeds).flatMap(([probe, { failure }]) =>
    failure === undefined ? [] : [`${UNTOLD[probe]}: ${failure}`],
  ),
];

const UNTOLD: { readonly [probe: string]: string } = {
  requests: 'requests during a stall',
  workers: 'worker threads',
  main: 'starvation by ticks or microtasks, callers of the threadpool',
};

async function snapshotOf(
  context: RecorderContext,
  notes: StallNotes,
  heapLimitMb: number | undefined,
): Promise<JsonObject> {
  const now = context.vitals.newest(1)[0];
  const recent = context.vitals.since(10_000);
  const current = context.currentStall();
  const stalls = stallFigures(afterStart(stallsOf(context, MINUTE_MS), context.startedAtMs));
  const loop = loopFigures(recent);
  const trend = heapTrend(context, 5 * MINUTE_MS);
  const cpu = cpuBaseline(context.vitals.since(BASELINE_MS), context.now());
  const note = current && notes.of(current);
  return {
    uptimeSeconds: Math.round(process.uptime()),
    rssMb: now?.rssMb,
    heapUsedMb: now?.heapUsedMb,
    heapTotalMb: now?.heapTotalMb,
    heapLimitMb,
    heapUsedPercent:
      now === undefined || heapLimitMb === undefined
        ? undefined
        : round((100 * now.heapUsedMb) / heapLimitMb),
    externalMb: now?.externalMb,
    arrayBuffersMb: now?.arrayBuffersMb,
    heapFloorMb: trend?.floorMb,
    heapFloorRisenMb: trend?.risenMb,
    heapFloorMbPerMinute: trend?.mbPerMinute,
    heapFloorOnlyGrows: trend?.onlyGrows,
    heapFloorBasis: trend?.basis,
    heapFloorWindowSeconds: trend?.windowSeconds,
    eventLoopUtilization: now?.eventLoopUtilization,
    eventLoopUtilization10s: loop.utilizationMean,
    eventLoopDelayP99Ms: now?.eventLoopDelayP99Ms,
    eventLoopDelayMaxMs: loop.delayMaxMs,
    mainCpuPercent: now?.mainCpuPercent,
    mainCpuPercent10s: cpuFigures(recent).mainMeanPercent,
    cpuBaselinePercent: cpu?.baselinePercent ?? null,
    cpuBurstFactor: cpu?.factor ?? null,
    cpuBurstDeviations: cpu?.deviations ?? null,
    processCpuPercent: now?.processCpuPercent,
    mainBlockedMs: current?.durationMs ?? 0,
    blockKind: current?.kind ?? null,
    blockStarvation: note?.starvation ?? null,
    blockRequests: note?.requests?.length ?? null,
    stalls1m: stalls.count,
    stalled1mMs: stalls.totalMs,
    longestStall1mMs: stalls.longestMs,
    threads: threadCount(),
  };
}
