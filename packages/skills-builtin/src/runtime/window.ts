// What the rings say of main over a window: figures only, no cost for main. Pure.
import type { RecorderContext, Stall, VitalsSample } from '@nodelens/core';
import { type FloorTrend, floorTrend } from '../heap-floor.ts';
import { max, mean, median, sum } from '../statistics.ts';
import { round } from '../wording.ts';

export interface LoopFigures {
  readonly samples: number;
  readonly utilizationMean: number;
  readonly utilizationMax: number;
  readonly delayP50Ms: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
}

export const loopFigures = (samples: readonly VitalsSample[]): LoopFigures => ({
  samples: samples.length,
  utilizationMean: round(mean(samples.map((s) => s.eventLoopUtilization)), 3),
  utilizationMax: round(max(samples.map((s) => s.eventLoopUtilization)), 3),
  delayP50Ms: round(median(samples.map((s) => s.eventLoopDelayP50Ms))),
  delayP99Ms: round(max(samples.map((s) => s.eventLoopDelayP99Ms))),
  delayMaxMs: round(max(samples.map((s) => s.eventLoopDelayMaxMs))),
});

export interface CpuFigures {
  readonly samples: number;
  readonly mainMeanPercent: number;
  readonly mainMaxPercent: number;
  readonly processMeanPercent: number;
  readonly processMaxPercent: number;
}

export const cpuFigures = (samples: readonly VitalsSample[]): CpuFigures => ({
  samples: samples.length,
  mainMeanPercent: round(mean(samples.map((s) => s.mainCpuPercent))),
  mainMaxPercent: round(max(samples.map((s) => s.mainCpuPercent))),
  processMeanPercent: round(mean(samples.map((s) => s.processCpuPercent))),
  processMaxPercent: round(max(samples.map((s) => s.processCpuPercent))),
});

export interface StallFigures {
  readonly count: number;
  readonly totalMs: number;
  readonly longestMs: number;
}

export const stallFigures = (stalls: readonly Stall[]): StallFigures => ({
  count: stalls.length,
  totalMs: round(sum(stalls.map((s) => s.durationMs))),
  longestMs: round(max(stalls.map((s) => s.durationMs))),
});

/** Ended and going on, without a stall twice, newest first. */
export function stallsOf(context: RecorderContext, windowMs: number): readonly Stall[] {
  const current = context.currentStall();
  const ended = context.stalls.since(windowMs).filter(({ id }) => id !== current?.id);
  return current === undefined ? ended : [current, ...ended];
}

/** Modules are read and compiled synchronously while a process starts, and so is the profiler armed. */
const STARTING_MS = 3_000;
/** A longer one is none of these; an attached process may have been blocked already when recording began. */
const LOADING_MS = 2_000;

/** Leaves out what belongs to the start of the recording; what is long by itself or is going on is always told. */
export const afterStart = (stalls: readonly Stall[], startedAtMs: number): readonly Stall[] =>
  stalls.filter(
    ({ ongoing, startedAtMs: from, durationMs, starvedMs }) =>
      ongoing || durationMs - starvedMs >= LOADING_MS || from > startedAtMs + STARTING_MS,
  );

/** Of main's heap; the first seconds of a process always grow and are left out. */
export function heapTrend(context: RecorderContext, windowMs: number): FloorTrend | undefined {
  const sinceMs = context.startedAtMs + 10_000;
  return floorTrend(
    context.vitals.since(windowMs).filter(({ atMs }) => atMs >= sinceMs),
    context.gc.since(windowMs).filter(({ atMs }) => atMs >= sinceMs),
  );
}
