// All that Nodelens runs on main between its start and its stop: a beat every 20 ms, five numbers a second, one
// record per garbage collection. Nothing here waits, allocates per event or keeps the process alive.
import { PerformanceObserver, performance } from 'node:perf_hooks';
import { BEAT_MS, MAX_DELAY_US, openHeartbeat, type SharedMemory, slot } from './heartbeat.ts';
import { fromPerformance, monotonicMs } from './monotonic.ts';

// Taken at load: a user's fake timers must not stop the beat, or the recorder would see a block.
const startInterval = setInterval;
const stopInterval = clearInterval;
const loopUtilization = performance.eventLoopUtilization.bind(performance);

const PUBLISH_MS = 1_000;

/** Starts the probes; returns their undo. Synchronous, and the first beat is in when it returns. */
export function startProbes(shared: SharedMemory): () => void {
  const heartbeat = openHeartbeat(shared);
  const { numbers, delays } = heartbeat;
  let last = monotonicMs();
  let publishAt = last + PUBLISH_MS;
  numbers[slot.beatAt] = last;
  publish(numbers, last);

  const beat = (): void => {
    const now = monotonicMs();
    numbers[slot.beatAt] = now;
    delays.record(Math.min(MAX_DELAY_US, Math.max(1, Math.round((now - last - BEAT_MS) * 1_000))));
    last = now;
    if (now < publishAt) return;
    publishAt = now + PUBLISH_MS;
    publish(numbers, now);
  };
  const timer = startInterval(beat, BEAT_MS);
  timer.unref();

  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { kind = 0, flags = 0 } = (entry as { detail?: { kind?: number; flags?: number } }).detail ?? {};
      heartbeat.pushGc({
        at: fromPerformance(entry.startTime),
        kind,
        durationMs: entry.duration,
        flags,
      });
    }
  });
  observer.observe({ entryTypes: ['gc'] });

  return () => {
    stopInterval(timer);
    observer.disconnect();
  };
}

function publish(numbers: Float64Array, now: number): void {
  const { active, idle } = loopUtilization();
  const memory = process.memoryUsage();
  const { user, system } = process.threadCpuUsage();
  numbers[slot.loopActive] = active;
  numbers[slot.loopIdle] = idle;
  numbers[slot.mainCpu] = (user + system) / 1_000;
  numbers[slot.rss] = memory.rss;
  numbers[slot.heapUsed] = memory.heapUsed;
  numbers[slot.heapTotal] = memory.heapTotal;
  numbers[slot.external] = memory.external;
  numbers[slot.arrayBuffers] = memory.arrayBuffers;
  numbers[slot.publishedAt] = now;
}
