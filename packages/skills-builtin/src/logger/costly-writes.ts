// Single writes that took main long, as the probe told them: the newest, bounded.
import type { JsonObject } from '@nodelens/core';
import { numberOf, textOf } from '../evidence.ts';

const KEPT = 600;

export interface CostlyWrite {
  readonly atMs: number;
  readonly ms: number;
  readonly bytes: number;
  readonly stack: string;
}

export interface CostlyWrites {
  add(event: JsonObject): void;
  since(fromMs: number): readonly CostlyWrite[];
}

export function createCostlyWrites(): CostlyWrites {
  // Oldest first; trimmed in bulk.
  let writes: CostlyWrite[] = [];
  return {
    add({ atMs, ms, bytes, stack }) {
      writes.push({ atMs: numberOf(atMs), ms: numberOf(ms), bytes: numberOf(bytes), stack: textOf(stack) });
      if (writes.length >= 2 * KEPT) writes = writes.slice(-KEPT);
    },
    since: (fromMs) => writes.filter(({ atMs }) => atMs >= fromMs),
  };
}
