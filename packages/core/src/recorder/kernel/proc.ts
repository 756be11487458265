// What Linux tells about threads while the inspector is silent. All readings are optional: elsewhere, or without
// /proc, everything is undefined and the recorder says so in its limitations.
import { readdirSync, readFileSync } from 'node:fs';
import type { BlockKind, ThreadSample } from '../context.ts';
import { monotonicMs } from '../monotonic.ts';

/** What a thread has had of the machine by one moment. */
export interface TaskUse {
  /** Monotonic ms. */
  readonly at: number;
  /** CPU so far, in ms. */
  readonly cpuMs: number;
  /** Time so far in which it could have run but got no core, in ms; 0 where unknown. */
  readonly queuedMs: number;
  /** CPU of all threads of the process so far, in ms. */
  readonly processCpuMs: number;
}

/** A thread at one moment. */
export interface TaskReading extends TaskUse {
  /** One letter: R running or runnable, S sleeping, D in uninterruptible I/O, T stopped. */
  readonly state: string;
  /** Kernel function in which it waits. */
  readonly wchan?: string;
  /** Number of the system call it is in. */
  readonly syscall?: string;
}

/** Clock ticks of /proc/stat are 10 ms on every Linux that Node supports. */
const TICK_MS = 10;
const THREADS_MS = 500;
/** futex on x64 and on arm64. */
const FUTEX_CALLS: ReadonlySet<string> = new Set(['202', '98']);

/** A quarter of the price of {@link readTask}, for whoever asks all the time; undefined where the kernel does not tell. */
export function readUse(tid: number): TaskUse | undefined {
  const [ranNs = 0, queuedNs = 0] = (readText(`/proc/self/task/${tid}/schedstat`) ?? '')
    .split(' ')
    .map(Number);
  if (!(ranNs > 0)) return readTask(tid);
  return { at: monotonicMs(), cpuMs: ranNs / 1e6, queuedMs: queuedNs / 1e6, processCpuMs: processCpuMs() };
}

const processCpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** Reads a thread of this process (about 60 us); undefined where there is no such thing. */
export function readTask(tid: number): TaskReading | undefined {
  const folder = `/proc/self/task/${tid}`;
  const stat = readText(`${folder}/stat`);
  if (stat === undefined) return undefined;
  const { state, cpuMs } = parseStat(stat);
  const [ranNs = 0, queuedNs = 0] = (readText(`${folder}/schedstat`) ?? '').split(' ').map(Number);
  const wchan = readText(`${folder}/wchan`);
  const syscall = readText(`${folder}/syscall`)?.split(' ', 1)[0]?.trim();
  return {
    at: monotonicMs(),
    state,
    cpuMs: ranNs > 0 ? ranNs / 1e6 : cpuMs,
    queuedMs: queuedNs / 1e6,
    processCpuMs: processCpuMs(),
    ...(wchan !== undefined && wchan !== '' && wchan !== '0' && { wchan }),
    ...(syscall !== undefined && syscall !== 'running' && { syscall }),
  };
}

/**
 * What kind of block two readings show. `answered`: main served an inspector request in between, so it was in
 * JavaScript, a regular expression or a lock.
 */
export function blockKind(
  before: TaskReading | undefined,
  after: TaskReading | undefined,
  answered: boolean,
): BlockKind {
  if (after === undefined) return answered ? 'javascript' : 'unknown';
  const waits = after.state === 'S' || after.state === 'D';
  const inLock = waits && (after.wchan?.startsWith('futex') || FUTEX_CALLS.has(after.syscall ?? '')) === true;
  if (answered) return inLock ? 'lock' : 'javascript';
  const cpuShare =
    before === undefined || after.at <= before.at
      ? undefined
      : (after.cpuMs - before.cpuMs) / (after.at - before.at);
  // A collector waits in a futex for its helpers, yet computes: what the clock says goes first.
  if (cpuShare !== undefined && cpuShare > 0.3) return 'native-cpu';
  if (waits) return inLock ? 'lock' : 'native-io';
  // On a busy machine it gets a part of a core only; "not scheduled" is for one that gets next to nothing.
  if (after.state === 'R' && (cpuShare === undefined || cpuShare > 0.1)) return 'native-cpu';
  return 'not-scheduled';
}

/**
 * Which share of the time between two readings a thread waited for a core, 0 to 1. `isRunnable`: it has been seen
 * runnable only, so whatever it did not get was waiting; without it only the waits that are over are counted.
 */
export function starvedShare(from: TaskUse, to: TaskUse, isRunnable: boolean): number {
  const elapsedMs = to.at - from.at;
  if (elapsedMs <= 0) return 0;
  const missingMs = isRunnable ? elapsedMs - (to.cpuMs - from.cpuMs) : 0;
  return Math.min(1, Math.max(0, missingMs, to.queuedMs - from.queuedMs) / elapsedMs);
}

/** So much of a delay must have been waiting for a core. */
const NO_CORE_SHARE = 0.75;
/** Whoever has computed for so long may have been late by itself, in ms. */
const COMPUTED_MS = 40;

/** Whether a thread was late by `lateMs` between two readings because it got no core, and for nothing else. */
export function hadNoCore(from: TaskUse | undefined, to: TaskUse | undefined, lateMs: number): boolean {
  if (from === undefined || to === undefined) return false;
  return to.queuedMs - from.queuedMs >= NO_CORE_SHARE * lateMs && to.cpuMs - from.cpuMs < COMPUTED_MS;
}

/** Whether this process can read its threads. */
export const hasProc = (): boolean => readTask(process.pid) !== undefined;

/** All threads of the process, looked at for half a second: shorter windows are coarse at ticks of 10 ms. */
export async function readThreads(): Promise<readonly ThreadSample[]> {
  const before = readAll();
  await new Promise((resolve) => setTimeout(resolve, THREADS_MS));
  const after = readAll();
  return [...after].map(([tid, { name, state, cpuMs, at }]) => {
    const last = before.get(tid);
    // One that has only just come has spent its whole life in the window.
    const spentMs = cpuMs - (last?.cpuMs ?? 0);
    const cpuPercent = round((spentMs / (last === undefined ? THREADS_MS : at - last.at)) * 100);
    return { tid, name: tid === process.pid ? 'main' : name, state, cpuPercent };
  });
}

function readAll(): Map<number, ReturnType<typeof parseStat> & { readonly at: number }> {
  const threads: ReturnType<typeof readAll> = new Map();
  for (const tid of threadIds()) {
    const stat = readText(`/proc/self/task/${tid}/stat`);
    if (stat !== undefined) threads.set(tid, { ...parseStat(stat), at: monotonicMs() });
  }
  return threads;
}

function parseStat(stat: string): { name: string; state: string; cpuMs: number } {
  // The name is in parentheses and may contain anything, even spaces and parentheses.
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ');
  return {
    name: stat.slice(stat.indexOf('(') + 1, end),
    state: fields[0] ?? '?',
    cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
  };
}

/** None where there is no /proc. */
function threadIds(): readonly number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [];
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const round = (value: number): number => Math.round(value * 10) / 10;
