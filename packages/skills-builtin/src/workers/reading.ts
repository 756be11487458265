// What a living worker can tell without waiting for it: its loop at once; its CPU and heap, which it is asked for
// through an interrupt, as it answered the last time.
import { performance } from 'node:perf_hooks';
import type { Worker } from 'node:worker_threads';
import type { JsonObject } from '@nodelens/core';

type Utilization = ReturnType<Worker['performance']['eventLoopUtilization']>;
/** Newer Node versions only; each asks the worker, which answers also in the middle of a loop that never ends. */
type Asked = Partial<{
  cpuUsage(): Promise<{ readonly user: number; readonly system: number }>;
  getHeapStatistics(): Promise<{ readonly used_heap_size: number; readonly heap_size_limit: number }>;
}>;

const monotonic = performance.now.bind(performance);

export interface Reading {
  /** @param isMeasured asks the worker for its CPU and heap: about 0.1 ms of main when it answers */
  of(worker: Worker, isMeasured: boolean): JsonObject;
}

export function createReading(): Reading {
  let last: Utilization | undefined;
  let answered: JsonObject = {};
  let isAsked = false;
  const ask = (worker: Worker & Asked): void => {
    if (isAsked || worker.cpuUsage === undefined) return;
    isAsked = true;
    const statistics = worker.getHeapStatistics?.();
    Promise.all([worker.cpuUsage(), statistics]).then(
      ([cpu, heap]) => {
        isAsked = false;
        answered = {
          cpuMs: Math.round((cpu.user + cpu.system) / 1_000),
          measuredAtMs: Math.round(monotonic()),
          ...(heap && { heapUsedBytes: heap.used_heap_size, heapLimitBytes: heap.heap_size_limit }),
        };
      },
      () => {
        isAsked = false;
      },
    );
  };
  return {
    of(worker, isMeasured) {
      const loop = worker.performance.eventLoopUtilization();
      const since = last === undefined ? loop : worker.performance.eventLoopUtilization(loop, last);
      last = loop;
      if (isMeasured) ask(worker);
      return {
        loopActiveMs: Math.round(loop.active),
        loopIdleMs: Math.round(loop.idle),
        eventLoopUtilization: Math.round(since.utilization * 1_000) / 1_000,
        resourceLimits: { ...worker.resourceLimits },
        ...answered,
      };
    },
  };
}
