// The results of the last traces, newest first, and how many there were.
import type { JsonObject } from '@nodelens/core';

const KEPT = 20;

export interface TraceLog {
  readonly traces: number;
  readonly refused: number;
  add(result: JsonObject): void;
  newest(limit: number): readonly JsonObject[];
}

export function createTraceLog(now: () => number): TraceLog {
  const results: JsonObject[] = [];
  let traces = 0;
  let refused = 0;
  return {
    get traces() {
      return traces;
    },
    get refused() {
      return refused;
    },
    add(result) {
      if (result.isRefused === true) refused += 1;
      else traces += 1;
      results.unshift({ atMs: now(), ...result });
      results.length = Math.min(results.length, KEPT);
    },
    newest: (limit) => results.slice(0, limit),
  };
}
