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
/** A worker's own figure is older than the kernel's by a look at most. */
const NEAR_MS = 500;
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
  const workers = await workersNow(feed, LOOK_MS, signal);
  const threads = watch.kernel.deeds();
  const busy = workers.filter(({ eventLoopUtilization = 0 }) => eventLoopUtilization >= BUSY_LOOP);
  const found = busy.flatMap((worker) => {
    const silence = silenceOf(worker, threads, silences);
    return silence === undefined ? [] : [{ worker, silence }];
  });
  const tasks = found.slice(0, TOLD).map(async ({ worker, silence }) => {
    const question = { of: 'posts', id: worker.id, withinMs: silence.agoMs };
    return taskOf(worker, silence, objectOf(await feed.ask(question, { timeoutMs: TIMEOUT_MS })));
  });
  return (await Promise.all(tasks)).sort((a, b) => b.forMs - a.forMs);
}

/** Undefined unless every thread that may be this worker's is silent, and has been until now. */
function silenceOf(
  worker: WorkerNow,
  threads: readonly ThreadDeeds[],
  silences: readonly Silence[],
): Silence | undefined {
  const { name, file, cpuTotalMs } = worker;
  const kernelName = name === file ? NAMELESS : name.slice(0, NAME_LENGTH);
  const away = ({ ranMs }: ThreadDeeds): number => Math.abs(ranMs - (cpuTotalMs ?? ranMs));
  const own = threads
    .filter((thread) => thread.name === kernelName && away(thread) <= NEAR_MS)
    .sort((a, b) => away(a) - away(b))
    .map(({ tid, reads }) => silences.find((one) => one.tid === tid && one.reads === reads));
  return own.includes(undefined) ? undefined : own[0];
}

function taskOf(worker: WorkerNow, silence: Silence, { total, within }: JsonObject): LongTask {
  const { forMs, cpuMs, writesBefore, cpuBeforeMs } = silence;
  const waiting = numberOf(within);
  const tasksBefore = Math.min(Math.max(0, numberOf(total) - waiting), writesBefore);
  const usualTaskMs = tasksBefore === 0 ? undefined : round(cpuBeforeMs / tasksBefore);
  return { worker, forMs, cpuMs, tasksBefore, usualTaskMs, waiting };
}
