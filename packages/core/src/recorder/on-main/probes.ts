// All that Nodelens runs on main between its start and its stop: a beat every 20 ms (500 ms while main is at rest), five
// numbers a second, one record per garbage collection. Nothing here waits, allocates per event or keeps the process alive.
import { PerformanceObserver, performance } from 'node:perf_hooks';
import {
  BEAT_MS,
  BLOCKED_MS,
  IDLE_BEAT_MS,
  type LateBeat,
  MAX_DELAY_US,
  openHeartbeat,
  readNumber,
  type SharedMemory,
  slot,
} from '../heartbeat.ts';
import { fromPerformance, monotonicMs } from '../monotonic.ts';
import { createWakeCalls } from './wake-calls.ts';

// Taken at load: a user's fake timers must not stop the beat, or the recorder would see a block.
const startInterval = setInterval;
const stopInterval = clearInterval;
const loopUtilization = performance.eventLoopUtilization.bind(performance);

const PUBLISH_MS = 1_000;
/** Events in a second: a request is two or three, as is one of the recorder's. Turns of the loop tell nothing: the profiler's signals are some. */
const QUIET_EVENTS = 10;
/** CPU of main in a second, in ms: a block may have begun and ended between two slow beats. */
const QUIET_CPU_MS = 40;
/** CPU of a main at rest between two beats that is a block, though no beat was late, in ms. */
const BLOCK_CPU_MS = 250;
/** For how many quiet seconds the beat stays fast: after many events, after a block (there may be more), and after a call that woke it. */
const AFTER_EVENTS = 5;
const AFTER_BLOCK = 30;
const AFTER_CALL = 2;
/** The blocks of an app that starts do not come back, in ms. */
const STARTING_MS = 5_000;

/**
 * Starts the probes; returns their undo. Synchronous, and the first beat is in when it returns.
 * @param onWake called when something comes to a main at rest, before the app's own code runs, or has blocked it
 * @param onSecond called once a second with a beat: a timer of its own would wake a main at rest once more
 */
export function startProbes(
  shared: SharedMemory,
  onWake: (late?: LateBeat) => void,
  onSecond: () => void = () => undefined,
): () => void {
  const heartbeat = openHeartbeat(shared);
  const { numbers, delays } = heartbeat;
  let last = monotonicMs();
  const startedBy = last + STARTING_MS;
  let publishAt = last + PUBLISH_MS;
  let every = BEAT_MS;
  let events = loopEvents();
  let quietSecondsLeft = AFTER_EVENTS;
  numbers[slot.beatAt] = last;
  numbers[slot.beatEvery] = every;
  publish(numbers, last);
  let heededAt = 0;
  /** At the last beat, while main is at rest. */
  let restCpuMs = 0;

  const beat = (): void => {
    const now = monotonicMs();
    const beatAt = last;
    const dueAt = beatAt + every;
    // Before its interval, or the recorder would see a beat that is overdue.
    numbers[slot.beatAt] = now;
    const lateMs = now - dueAt;
    last = now;
    const ranMs = every > BEAT_MS ? ownCpuMs() - restCpuMs : 0;
    restCpuMs += ranMs;
    const hasBlocked = lateMs <= BLOCKED_MS && ranMs >= BLOCK_CPU_MS;
    const delayMs = hasBlocked ? ranMs : lateMs;
    delays.record(Math.min(MAX_DELAY_US, Math.max(1, Math.round(delayMs * 1_000))));
    if (lateMs > BLOCKED_MS) {
      if (every > BEAT_MS) onWake({ beatAt, dueAt, cameAt: now });
    } else if (hasBlocked) {
      onWake({ beatAt, dueAt: now - ranMs, cameAt: now, isOnTime: true });
      stayFast(AFTER_BLOCK);
    } else if (every > BEAT_MS && isInUse()) stayFast(AFTER_EVENTS);
    else if (quietSecondsLeft <= 0) beatEvery(IDLE_BEAT_MS);
    // Whether a late beat was a block is the recorder's to tell: on a full machine a main at rest is late all the time, and
    // beating fast would make that worse.
    const blockedAt = readNumber(heartbeat, 'blockedAt');
    if (blockedAt !== heededAt) {
      heededAt = blockedAt;
      stayFast(now < startedBy ? AFTER_EVENTS : AFTER_BLOCK);
    }
    // The beat that is nearest to it.
    if (now < publishAt - every / 2) return;
    publishAt = now + PUBLISH_MS;
    onSecond();
    // While it beats fast, to ask once a second will do.
    if (isInUse()) stayFast(AFTER_EVENTS);
    quietSecondsLeft -= 1;
    events = loopEvents();
    const cpuMs = readNumber(heartbeat, 'mainCpu');
    publish(numbers, now);
    const hasComputed = readNumber(heartbeat, 'mainCpu') - cpuMs > QUIET_CPU_MS;
    if (hasComputed && now >= startedBy) stayFast(AFTER_BLOCK);
  };
  const isInUse = (): boolean => loopEvents() - events > QUIET_EVENTS;
  const stayFast = (quietSeconds: number): void => {
    quietSecondsLeft = Math.max(quietSecondsLeft, quietSeconds);
    beatEvery(BEAT_MS);
  };
  const wakeCalls = createWakeCalls(() => {
    last = monotonicMs();
    numbers[slot.beatAt] = last;
    stayFast(AFTER_CALL);
    onWake();
  });
  const beatEvery = (ms: number): void => {
    if (ms === every) return;
    every = ms;
    restCpuMs = ownCpuMs();
    numbers[slot.beatEvery] = ms;
    stopInterval(timer);
    timer = startInterval(beat, ms).unref();
    if (ms === BEAT_MS) wakeCalls.ignore();
    else wakeCalls.hear();
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
    wakeCalls.ignore();
    observer.disconnect();
  };
}

function ownCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

const loopEvents = (): number => performance.nodeTiming.uvMetricsInfo.events;

function publish(numbers: Float64Array, now: number): void {
  const { active, idle } = loopUtilization();
  const memory = process.memoryUsage();
  numbers[slot.loopActive] = active;
  numbers[slot.loopIdle] = idle;
  numbers[slot.mainCpu] = ownCpuMs();
  numbers[slot.heapUsed] = memory.heapUsed;
  numbers[slot.heapTotal] = memory.heapTotal;
  numbers[slot.external] = memory.external;
  numbers[slot.arrayBuffers] = memory.arrayBuffers;
  numbers[slot.publishedAt] = now;
}
