// What an ordinary monitor sees of a process from outside: latency, memory, CPU. It knows of no cause.
import { readFileSync } from 'node:fs';
import type { Traffic } from './traffic.ts';

export interface Vitals {
  readonly requests: number;
  readonly p99Ms: number;
  readonly waiting: number;
  readonly oldestWaitMs: number;
  readonly rssMb: number;
  /** Of one core, since the last reading. */
  readonly cpuPercent: number;
}

const PAGE_BYTES = 4096;
const TICKS_PER_SECOND = 100;
/** One bad reading is no alert; readings are a second apart. */
const LASTING = 8;

/** Reads the process `pid` and its traffic; memory and CPU are 0 where there is no /proc. */
export function createMonitor(pid: number, traffic: Traffic): () => Vitals {
  let last = { at: performance.now(), ticks: cpuTicks(pid) };
  return () => {
    const now = { at: performance.now(), ticks: cpuTicks(pid) };
    const seconds = Math.max(0.001, (now.at - last.at) / 1000);
    const cpuPercent = (100 * (now.ticks - last.ticks)) / TICKS_PER_SECOND / seconds;
    last = now;
    return { ...traffic.window(), rssMb: rssMb(pid), cpuPercent };
  };
}

/**
 * The alarm of a monitor that learnt what is usual: give it each reading, it answers the alert in its own words, or
 * undefined while all is well.
 */
export function createAlarm(usual: Vitals): (vitals: Vitals) => string | undefined {
  const busy = lasting((vitals) => vitals.cpuPercent > usual.cpuPercent + 30);
  const grown = lasting((vitals) => vitals.rssMb > usual.rssMb + 60);
  return (vitals) => {
    const [isBusy, hasGrown] = [busy(vitals), grown(vitals)];
    if (vitals.oldestWaitMs > 1500)
      return `latency alert: ${vitals.waiting} requests without an answer, the oldest for ${Math.round(vitals.oldestWaitMs)} ms`;
    if (isBusy)
      return `cpu alert: cpu at ${vitals.cpuPercent.toFixed(0)} %, usually ${usual.cpuPercent.toFixed(0)} %`;
    if (hasGrown)
      return `memory alert: resident memory grew from ${usual.rssMb.toFixed(0)} to ${vitals.rssMb.toFixed(0)} MB`;
    return undefined;
  };
}

/** Whether a condition held in the last {@link LASTING} readings. */
function lasting(holds: (vitals: Vitals) => boolean): (vitals: Vitals) => boolean {
  let count = 0;
  return (vitals) => {
    count = holds(vitals) ? count + 1 : 0;
    return count >= LASTING;
  };
}

export const show = (vitals: Vitals): string =>
  `${String(vitals.requests).padStart(4)} requests  p99 ${vitals.p99Ms.toFixed(0).padStart(5)} ms  ` +
  `waiting ${String(vitals.waiting).padStart(3)}  rss ${vitals.rssMb.toFixed(0).padStart(4)} MB  cpu ${vitals.cpuPercent.toFixed(0).padStart(3)} %`;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // No procfs here, or the process has just ended: the reading is 0.
    return '';
  }
}

function rssMb(pid: number): number {
  const pages = Number(read(`/proc/${pid}/statm`).split(' ')[1] ?? 0);
  return (pages * PAGE_BYTES) / 2 ** 20;
}

function cpuTicks(pid: number): number {
  const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}
