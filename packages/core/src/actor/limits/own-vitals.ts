// What a thread that runs no actor tells of itself, for the tree.
import { getHeapStatistics } from 'node:v8';
import type { ActorVitals } from './actor-vitals.ts';
import { ownThreadId } from './kernel-thread.ts';

const MB = 1_048_576;

export function ownVitals(): ActorVitals {
  const { used_heap_size, external_memory } = getHeapStatistics();
  const tid = ownThreadId();
  return {
    memoryMb: Math.round(((used_heap_size + external_memory) / MB) * 10) / 10,
    ...(tid > 0 && { tid }),
  };
}
