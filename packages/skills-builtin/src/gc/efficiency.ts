// What collections achieve for the time that they take. V8's own profiler of collections tells sizes before and after
// each; the ring tells only times, so for the past the readings around full collections must do.
import type { GcEvent, JsonObject, MainInspector, VitalsSample } from '@nodelens/core';
import { pause } from '../pause.ts';
import { round } from '../wording.ts';

/** A reading this long after a full collection still shows what was left, in ms. */
const AFTER_MS = 2_500;
const MB = 1_048_576;

export interface HeapAround {
  readonly beforeMb: number;
  readonly afterMb: number;
  readonly freedMb: number;
  /** Of the heap before, 0 to 1; both are of readings a second apart, so it is a lower bound. */
  readonly freedShare: number;
}

/** @param samples newest first */
export function heapAround({ atMs }: GcEvent, samples: readonly VitalsSample[]): HeapAround | undefined {
  const before = samples.find((sample) => sample.atMs <= atMs);
  const after = samples
    .filter((sample) => sample.atMs > atMs && sample.atMs <= atMs + AFTER_MS)
    .toSorted((a, b) => a.heapUsedMb - b.heapUsedMb)[0];
  if (before === undefined || after === undefined) return undefined;
  const freedMb = Math.max(0, before.heapUsedMb - after.heapUsedMb);
  return {
    beforeMb: round(before.heapUsedMb),
    afterMb: round(after.heapUsedMb),
    freedMb: round(freedMb),
    freedShare: round(freedMb / Math.max(1, before.heapUsedMb), 2),
  };
}

/** Sums of one kind of collection; `cost` is in microseconds, sizes in bytes. */
interface Sums {
  readonly count: number;
  readonly costUs: number;
  readonly before: number;
  readonly freed: number;
}

const SUM_UP = `function () {
  const sums = {};
  for (const { gcType, cost, beforeGC, afterGC } of this.stop()?.statistics ?? []) {
    const kind = gcType === 'Scavenge' || gcType === 'MinorMarkSweep' ? 'minor' : gcType === 'MarkSweepCompact' ? 'major' : 'other';
    const sum = sums[kind] ??= { count: 0, costUs: 0, before: 0, freed: 0 };
    sum.count++; sum.costUs += cost;
    sum.before += beforeGC.heapStatistics.usedHeapSize;
    sum.freed += Math.max(0, beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize);
  }
  return sums;
}`;

/** Watches the collections of the next `ms`; main pays some 50 us for each of them. */
export async function watchEfficiency(
  inspector: MainInspector,
  ms: number,
  signal: AbortSignal,
): Promise<JsonObject> {
  const objectGroup = 'nodelens-gc-efficiency';
  const expression = "new (process.getBuiltinModule('node:v8').GCProfiler)()";
  const { result } = await inspector.post('Runtime.evaluate', { expression, objectGroup });
  const objectId = String((result as JsonObject).objectId);
  const call = async (functionDeclaration: string): Promise<JsonObject> => {
    const reply = await inspector.post('Runtime.callFunctionOn', {
      objectId,
      functionDeclaration,
      returnByValue: true,
    });
    return ((reply.result as JsonObject).value ?? {}) as JsonObject;
  };
  try {
    await call('function () { this.start(); }');
    await pause(ms, signal);
    const sums = (await call(SUM_UP)) as { readonly [kind: string]: unknown };
    return { minor: figuresOf(sums.minor), major: figuresOf(sums.major) };
  } finally {
    await inspector.post('Runtime.releaseObjectGroup', { objectGroup }).catch(() => undefined);
  }
}

function figuresOf(value: unknown): JsonObject {
  const { count, costUs, before, freed } = (value ?? { count: 0, costUs: 0, before: 0, freed: 0 }) as Sums;
  return {
    count,
    totalMs: round(costUs / 1_000),
    freedMb: round(freed / MB),
    ...(count > 0 && {
      freedMbPerMs: round(freed / MB / Math.max(0.001, costUs / 1_000), 3),
      freedShare: round(freed / Math.max(1, before), 3),
    }),
  };
}
