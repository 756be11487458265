// Which workers are silent threads: the kernel knows the thread, main knows the worker, and their CPU tells who is who.
import type { JsonObject } from '@nodelens/core';
import { numberOf, objectOf } from '../evidence.ts';
import { round } from '../wording.ts';
import type { ThreadDeeds } from './kernel.ts';
import { type WorkerNow, workersNow } from './present.ts';
import type { Silence } from './silent-threads.ts';
import type { Sources } from './sources.ts';

const LOOK_MS = 300;
const TIMEOUT_MS = 500;
const BUSY_LOOP = 0.95;
/** The two figures of a thread's CPU are rounded, the worker's before the kernel's. */
const NEAR_MS = 100;
/** What Node calls a thread without a name, and how much of a name the kernel keeps. */
const NAMELESS = 'WorkerThread';
const NAME_LENGTH = 15;
const TOLD = 10;

export interface LongTask {
  readonly worker: WorkerNow;
  readonly forMs: number;
  readonly cpuMs: number;
  /** Messages that it took and answered before; at most so many. */
  readonly tasksBefore: number;
  /** CPU of one of them in the mean; undefined when there were none. */
  readonly usualTaskMs: number | undefined;
  /** Messages that main has posted to it meanwhile, 64 at most. */
  readonly waiting: number;
}

/** The longest first. @throws NodelensError when main does not answer */
export async function longTasks(sources: Sources, signal: AbortSignal): Promise<readonly LongTask[]> {
  const { feed, silent, watch } = sources;
  // Before the workers are asked: their answers are a sign.
  const silences = silent.now();
  if (silences.length === 0) return [];
  const beganAtMs = performance.now();
  const workers = await workersNow(feed, LOOK_MS, signal);
  const threads = watch.kernel.deeds();
  const lookedMs = performance.now() - beganAtMs;
  const busy = workers.filter(({ eventLoopUtilization = 0 }) => eventLoopUtilization >= BUSY_LOOP);
  const found = busy.flatMap((worker) => {
    const silence = silenceOf(threadsOf(worker, threads, lookedMs), silences);
    return silence === undefined ? [] : [{ worker, silence }];
  });
  const tasks = found.slice(0, TOLD).map(async ({ worker, silence }) => {
    const question = { of: 'posts', id: worker.id, withinMs: silence.agoMs };
    return taskOf(worker, silence, objectOf(await feed.ask(question, { timeoutMs: TIMEOUT_MS })));
  });
  return (await Promise.all(tasks)).sort((a, b) => b.forMs - a.forMs);
}

/** Those that may be the worker's, the likeliest first. */
function threadsOf(
  { name, file, cpuTotalMs }: WorkerNow,
  threads: readonly ThreadDeeds[],
  lookedMs: number,
): readonly ThreadDeeds[] {
  const kernelName = name === file ? NAMELESS : name.slice(0, NAME_LENGTH);
  const named = threads.filter((thread) => thread.name === kernelName);
  if (named.length === 1) return named;
  // A worker in a native call does not tell.
  const away = ({ ranMs }: ThreadDeeds): number => Math.abs(ranMs - (cpuTotalMs ?? ranMs));
  return named.filter((thread) => away(thread) <= lookedMs + NEAR_MS).sort((a, b) => away(a) - away(b));
}

/** Undefined unless every thread that may be meant is silent, and has been until now. */
function silenceOf(threads: readonly ThreadDeeds[], silences: readonly Silence[]): Silence | undefined {
  const found = threads.map(({ tid, reads }) =>
    silences.find((one) => one.tid === tid && one.reads === reads),
  );
  return found.includes(undefined) ? undefined : found[0];
}

function taskOf(worker: WorkerNow, silence: Silence, { total, within }: JsonObject): LongTask {
  const { forMs, cpuMs, writesBefore, cpuBeforeMs } = silence;
  const waiting = numberOf(within);
  const tasksBefore = Math.min(Math.max(0, numberOf(total) - waiting), writesBefore);
  const usualTaskMs = tasksBefore === 0 ? undefined : round(cpuBeforeMs / tasksBefore);
  return { worker, forMs, cpuMs, tasksBefore, usualTaskMs, waiting };
}
