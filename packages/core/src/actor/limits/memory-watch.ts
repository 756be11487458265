// Looks at a thread's memory from outside and ends the thread before V8 would end the process: one allocation that
// is larger than V8's grace above the limit (a growing array or Map doubles its table) aborts everything, whatever
// `resourceLimits` says. Measured: with limits alone, four of nine ways to run out of memory abort the process; with
// this watch below a high limit, none.
import type { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';

const LOOK_EVERY_MS = 100;
const MB = 1_048_576;

export interface MemoryWatch {
  readonly clock: Clock;
  /** Heap and external memory together that count as death, in MB. */
  readonly limitMb: number;
  /** At each look: what it has, in bytes. */
  onRead?(bytes: number): void;
  onExceeded(): void;
}

/**
 * Calls `onExceeded` once; returns the undo. Works while the thread is stuck in JavaScript (V8 answers at an interrupt).
 * @param thread undefined as long as it is not known.
 */
export function watchMemory(thread: () => Worker | undefined, watch: MemoryWatch): () => void {
  let isLooking = false;
  const look = async (): Promise<void> => {
    const worker = thread();
    if (worker === undefined || isLooking) return;
    isLooking = true;
    try {
      const { used_heap_size, external_memory } = await worker.getHeapStatistics();
      const bytes = used_heap_size + external_memory;
      watch.onRead?.(bytes);
      if (bytes <= watch.limitMb * MB) return;
      undo();
      watch.onExceeded();
    } catch {
      // It has ended, which its host learns from its exit.
    } finally {
      isLooking = false;
    }
  };
  const undo = watch.clock.every(LOOK_EVERY_MS, () => void look());
  return undo;
}
