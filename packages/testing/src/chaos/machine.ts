// The machine beside the run: how much of it others used, second by second, so that a figure that a neighbour spoiled
// is not put down to Nodelens. Linux; elsewhere nothing is known and nothing is excluded.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

const TICKS_PER_SECOND = 100;
const MB_IN_KB = 1_024;
const SAMPLE_MS = 1_000;

export interface MachineSample {
  readonly atMs: number;
  /** Cores that processes other than ours used in the second before, including what the hypervisor took. */
  readonly foreignCores: number;
  /** Resident memory of the service. */
  readonly rssMb: number;
  /** Its main thread in the second before: how long it computed, and how long it could have but got no core. */
  readonly mainBusyMs: number;
  readonly mainStarvedMs: number;
}

export interface Machine {
  readonly samples: readonly MachineSample[];
  stop(): void;
}

/** @param pids ours; the first is the service. */
export function watchMachine(pids: readonly number[]): Machine {
  const samples: MachineSample[] = [];
  const [service = 0] = pids;
  const look = () => ({
    all: busySeconds(),
    own: ownSeconds(pids),
    main: schedulingMs(service),
    atMs: performance.now(),
  });
  let last = look();
  const timer = setInterval(() => {
    const now = look();
    const seconds = (now.atMs - last.atMs) / 1_000;
    const foreign = now.all - last.all - (now.own - last.own);
    samples.push({
      atMs: Date.now(),
      foreignCores: Math.min(availableParallelism(), Math.max(0, foreign / seconds)),
      rssMb: rssOf(service),
      mainBusyMs: (now.main.busy - last.main.busy) / seconds,
      mainStarvedMs: (now.main.starved - last.main.starved) / seconds,
    });
    last = now;
  }, SAMPLE_MS);
  return { samples, stop: () => clearInterval(timer) };
}

/** Of all cores: user, nice, system, irq, softirq, steal. */
function busySeconds(): number {
  const fields = read('/proc/stat').split('\n')[0]?.trim().split(/\s+/).slice(1).map(Number) ?? [];
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields;
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
}

/** Of these processes and of their children that have ended. */
const ownSeconds = (pids: readonly number[]): number => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);

function cpuSeconds(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [11, 12, 13, 14].reduce((sum, index) => sum + (Number(fields[index]) || 0), 0) / TICKS_PER_SECOND;
}

/** Of the main thread of a process, since its start. */
function schedulingMs(pid: number): { readonly busy: number; readonly starved: number } {
  const [busy = 0, starved = 0] = read(`/proc/${pid}/task/${pid}/schedstat`).split(' ').map(Number);
  return { busy: busy / 1e6, starved: starved / 1e6 };
}

const rssOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / MB_IN_KB;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
