// Measures from outside how much CPU an actor's thread takes, while it is stuck as well. The kernel is asked where it
// tells (10 us a look), else V8.
import type { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.ts';
import { heartWord } from './heartbeat.ts';
import { cpuMsOf } from './kernel-thread.ts';

const LOOK_EVERY_MS = 1_000;
/** The share is that of so many looks, so that a burst of half a second is no half of a core. */
const LOOKS = 3;

export interface CpuWatch {
  readonly clock: Clock;
  /** The thread; undefined as long as it is not known. */
  readonly thread: () => Worker | undefined;
  /** Once a second: its share of one core over the last 3 s, or since it began: over `overMs`. */
  onShare?(share: number, overMs: number): void;
}

interface Reading {
  readonly atMs: number;
  readonly cpuMs: number;
}

/** Keeps the heart's word of CPU up to date; returns the undo. */
export function watchCpu(heart: Int32Array, { clock, thread, onShare }: CpuWatch): () => void {
  const readings: Reading[] = [];
  let isLooking = false;
  const look = async (): Promise<void> => {
    const worker = thread();
    if (worker === undefined || isLooking) return;
    isLooking = true;
    const cpuMs = await readCpuMs(heart, worker);
    isLooking = false;
    if (cpuMs === undefined) return;
    readings.push({ atMs: clock.now(), cpuMs });
    if (readings.length > LOOKS + 1) readings.shift();
    const share = shareOf(readings);
    if (share === undefined) return;
    Atomics.store(heart, heartWord.cpu, Math.round(share * 1_000));
    onShare?.(share, clock.now() - (readings[0]?.atMs ?? 0));
  };
  return clock.every(LOOK_EVERY_MS, () => void look());
}

function shareOf(readings: readonly Reading[]): number | undefined {
  const [first] = readings;
  const last = readings.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
  return Math.max(0, last.cpuMs - first.cpuMs) / (last.atMs - first.atMs);
}

async function readCpuMs(heart: Int32Array, worker: Worker): Promise<number | undefined> {
  const tid = Atomics.load(heart, heartWord.tid);
  const known = tid > 0 ? cpuMsOf(tid) : undefined;
  if (known !== undefined) return known;
  try {
    const { user, system } = await worker.cpuUsage();
    return (user + system) / 1_000;
  } catch {
    // It has ended, which its host learns from its exit.
    return undefined;
  }
}
