// The skill `runtime` on the recorder thread: reads the rings and the armed profile; what it asks of main takes
// a millisecond at most.
import { readdir } from 'node:fs/promises';
import type { JsonObject, RecorderContext, Skill } from '@nodelens/core';
import { heapLimitReader } from '../heap-limit.ts';
import { round } from '../wording.ts';
import { runtimeCallbacks } from './callbacks.ts';
import { runtimeChecks, runtimeKeywords, runtimePrompt } from './knowledge.ts';
import { afterStart, cpuFigures, heapTrend, loopFigures, stallFigures, stallsOf } from './window.ts';

const MINUTE_MS = 60_000;

export function createRuntimeSkill(context: RecorderContext): Skill {
  const readHeapLimit = heapLimitReader(context);
  return {
    id: 'runtime',
    title: 'Node.js runtime',
    description:
      'Event loop, blocked main thread, latency, CPU, memory and threads of the process; names the function that blocks or burns CPU',
    systemPrompt: runtimePrompt,
    keywords: runtimeKeywords,
    snapshot: async () => snapshotOf(context, await readHeapLimit()),
    callbacks: runtimeCallbacks(context),
    checks: runtimeChecks,
  };
}

/** Of the whole process; undefined where there is no /proc. */
const threadCount = async (): Promise<number | undefined> =>
  (await readdir('/proc/self/task').catch(() => undefined))?.length;

async function snapshotOf(context: RecorderContext, heapLimitMb: number | undefined): Promise<JsonObject> {
  const now = context.vitals.newest(1)[0];
  const recent = context.vitals.since(10_000);
  const current = context.currentStall();
  const stalls = stallFigures(afterStart(stallsOf(context, MINUTE_MS), context.startedAtMs));
  const loop = loopFigures(recent);
  const trend = heapTrend(context, 5 * MINUTE_MS);
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
    processCpuPercent: now?.processCpuPercent,
    mainBlockedMs: current?.durationMs ?? 0,
    blockKind: current?.kind ?? null,
    stalls1m: stalls.count,
    stalled1mMs: stalls.totalMs,
    longestStall1mMs: stalls.longestMs,
    threads: await threadCount(),
  };
}
