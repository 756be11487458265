// One sample of main a second, from shared memory: it goes on while main is blocked, with the last known heap and
// with utilisation and delay as they really are by then.
import type { VitalsSample } from '../context.ts';
import { type Heartbeat, overdueMs, readNumber } from '../heartbeat.ts';
import { readUse } from '../kernel/proc.ts';
import { monotonicMs } from '../monotonic.ts';

/** A beat later than this is a block, not a busy turn. */
const LATE_MS = 60;
const MB = 1_024 * 1_024;

interface Counters {
  readonly at: number;
  readonly active: number;
  readonly idle: number;
  readonly mainCpuMs: number;
  /** Time in which main ran or could have run. */
  readonly kernelMs: number | undefined;
  readonly processCpuMs: number;
  /** How long main's next beat is due already; 0 in a healthy turn. */
  readonly overdueMs: number;
}

/**
 * Returns a function that samples what happened since its last call. The histogram is emptied by each.
 * @param isProfiled whether a CPU profile of main is running
 */
export function createVitalsSampler(heartbeat: Heartbeat, isProfiled: () => boolean): () => VitalsSample {
  let last = readCounters(heartbeat);
  let loop = 0;
  return () => {
    const now = readCounters(heartbeat);
    const elapsed = Math.max(1, now.at - last.at);
    const known = isProfiled() ? kernelUtilization(last, now, heartbeat) : undefined;
    loop = blockedThroughout(last, now) ? 1 : (known ?? utilization(last, now) ?? loop);
    const sample: VitalsSample = {
      atMs: Date.now(),
      ...memory(heartbeat),
      ...delays(heartbeat, now.overdueMs),
      eventLoopUtilization: round(loop, 4),
      mainCpuPercent: round(((now.mainCpuMs - last.mainCpuMs) / elapsed) * 100),
      processCpuPercent: round(((now.processCpuMs - last.processCpuMs) / elapsed) * 100),
    };
    last = now;
    return sample;
  };
}

function readCounters(heartbeat: Heartbeat): Counters {
  const { user, system } = process.cpuUsage();
  const at = monotonicMs();
  const use = readUse(process.pid);
  const sinceBeat = at - readNumber(heartbeat, 'beatAt');
  return {
    at,
    overdueMs: sinceBeat > overdueMs(heartbeat) ? sinceBeat - readNumber(heartbeat, 'beatEvery') : 0,
    active: readNumber(heartbeat, 'loopActive'),
    idle: readNumber(heartbeat, 'loopIdle'),
    // Main's own figure stands still while main is blocked; the kernel's does not.
    mainCpuMs: use?.cpuMs ?? readNumber(heartbeat, 'mainCpu'),
    kernelMs: use && use.cpuMs + use.queuedMs,
    processCpuMs: (user + system) / 1_000,
  };
}

const blockedThroughout = (last: Counters, now: Counters): boolean => now.overdueMs > now.at - last.at;

/** As main counts it; undefined when main has published nothing since. */
function utilization(last: Counters, now: Counters): number | undefined {
  const active = now.active - last.active;
  const total = active + now.idle - last.idle;
  return total > 0 ? Math.min(1, Math.max(0, active / total)) : undefined;
}

/**
 * As the kernel counts it. The profiler's signals interrupt main's poll, and libuv then forgets the idle time until
 * then: an idle process would show 0.4. What the kernel misses is waiting inside a block, which the delays show.
 */
function kernelUtilization(
  last: Counters,
  now: Counters,
  { delays: histogram }: Heartbeat,
): number | undefined {
  if (now.kernelMs === undefined || last.kernelMs === undefined) return undefined;
  const longestMs = Math.max(now.overdueMs, histogram.max / 1_000);
  const blockedMs = longestMs > LATE_MS ? longestMs : 0;
  return Math.min(1, Math.max(now.kernelMs - last.kernelMs, blockedMs) / (now.at - last.at));
}

function memory(
  heartbeat: Heartbeat,
): Pick<VitalsSample, 'rssMb' | 'heapUsedMb' | 'heapTotalMb' | 'externalMb' | 'arrayBuffersMb'> {
  const mb = (name: Parameters<typeof readNumber>[1]): number => round(readNumber(heartbeat, name) / MB);
  return {
    // Of the whole process, so it needs no main.
    rssMb: round(process.memoryUsage.rss() / MB),
    heapUsedMb: mb('heapUsed'),
    heapTotalMb: mb('heapTotal'),
    externalMb: mb('external'),
    arrayBuffersMb: mb('arrayBuffers'),
  };
}

function delays(
  heartbeat: Heartbeat,
  overdueMs: number,
): Pick<VitalsSample, 'eventLoopDelayP50Ms' | 'eventLoopDelayP99Ms' | 'eventLoopDelayMaxMs'> {
  const { delays: histogram } = heartbeat;
  const empty = histogram.count === 0;
  const p50 = empty ? overdueMs : histogram.percentile(50) / 1_000;
  const p99 = empty ? overdueMs : histogram.percentile(99) / 1_000;
  const max = empty ? overdueMs : Math.max(histogram.max / 1_000, overdueMs);
  histogram.reset();
  return {
    eventLoopDelayP50Ms: round(p50),
    eventLoopDelayP99Ms: round(p99),
    eventLoopDelayMaxMs: round(max),
  };
}

function round(value: number, digits = 2): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
