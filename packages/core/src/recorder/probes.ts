// All that Nodelens runs on main between its start and its stop: a beat every 20 ms (100 ms while main is idle), five
// numbers a second, one record per garbage collection. Nothing here waits, allocates per event or keeps the process alive.
import { PerformanceObserver, performance } from 'node:perf_hooks';
import {
  BEAT_MS,
  BLOCKED_MS,
  IDLE_BEAT_MS,
  MAX_DELAY_US,
  openHeartbeat,
  type SharedMemory,
  slot,
} from './heartbeat.ts';
import { fromPerformance, monotonicMs } from './monotonic.ts';

// Taken at load: a user's fake timers must not stop the beat, or the recorder would see a block.
const startInterval = setInterval;
const stopInterval = clearInterval;
const loopUtilization = performance.eventLoopUtilization.bind(performance);

const PUBLISH_MS = 1_000;
/** After so many seconds in which hardly anything came to the loop the beat slows down. */
const QUIET_SECONDS = 5;
/** Events in a second: a request is two or three, as is one of the recorder's. Turns of the loop tell nothing: the profiler's signals are some. */
const QUIET_EVENTS = 10;

/** Starts the probes; returns their undo. Synchronous, and the first beat is in when it returns. */
export function startProbes(shared: SharedMemory): () => void {
  const heartbeat = openHeartbeat(shared);
  const { numbers, delays } = heartbeat;
  let last = monotonicMs();
  let publishAt = last + PUBLISH_MS;
  let every = BEAT_MS;
  let events = loopEvents();
  let quietSeconds = 0;
  numbers[slot.beatAt] = last;
  numbers[slot.beatEvery] = every;
  publish(numbers, last);

  const beat = (): void => {
    const now = monotonicMs();
    numbers[slot.beatAt] = now;
    const lateMs = now - last - every;
    delays.record(Math.min(MAX_DELAY_US, Math.max(1, Math.round(lateMs * 1_000))));
    last = now;
    const isUsed = lateMs > BLOCKED_MS || loopEvents() - events > QUIET_EVENTS;
    if (isUsed) quietSeconds = 0;
    if (isUsed || quietSeconds >= QUIET_SECONDS) beatEvery(isUsed ? BEAT_MS : IDLE_BEAT_MS);
    if (now < publishAt) return;
    publishAt = now + PUBLISH_MS;
    quietSeconds += 1;
    events = loopEvents();
    publish(numbers, now);
  };
  const beatEvery = (ms: number): void => {
    if (ms === every) return;
    every = ms;
    numbers[slot.beatEvery] = ms;
    stopInterval(timer);
    timer = startInterval(beat, ms).unref();
  };
  let timer = startInterval(beat, every).unref();

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

const loopEvents = (): number => performance.nodeTiming.uvMetricsInfo.events;

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
