// Every worker thread of the app: how busy its loop was since the last look of this skill, and its CPU.
import type { JsonObject, ProbeFeed, RecorderContext, ThreadSample } from '@nodelens/core';
import { listOf, numberOf, textOf } from '../evidence.ts';
import { pause } from '../pause.ts';
import { round } from '../wording.ts';

const ASK_TIMEOUT_MS = 500;
/** What the kernel keeps of a thread's name. */
const NAME_LENGTH = 15;

/** A worker answers what its CPU is within that time. */
const ANSWER_MS = 60;

export interface WorkerThreads {
  /** The busiest first. Takes half a second. @throws NodelensError while main is in a native call */
  look(signal: AbortSignal): Promise<readonly JsonObject[]>;
}

export function createWorkerThreads(
  { threads }: Pick<RecorderContext, 'threads'>,
  workers: ProbeFeed,
): WorkerThreads {
  let last = new Map<number, JsonObject>();
  const ask = async (): Promise<Map<number, JsonObject>> => {
    const answer = await workers.ask({ of: 'workers', measure: true }, { timeoutMs: ASK_TIMEOUT_MS });
    return new Map(listOf(answer).map((one) => [numberOf(one.id), one]));
  };
  return {
    async look(signal) {
      const before = last;
      // What a worker is asked for, it tells at the next question.
      await ask();
      const kernel = await threads();
      const asked = await ask();
      await pause(ANSWER_MS, signal);
      const living = await ask();
      last = living;
      const names = countNames([...living.values()]);
      return [...living]
        .map(([id, worker]) => ({
          ...factsOf(worker),
          ...loopOf(worker, before.get(id)),
          ...threadOf(worker, asked.get(id), names.get(kernelName(worker)) === 1 ? kernel : []),
        }))
        .sort((a, b) => b.utilization - a.utilization);
    },
  };
}

const kernelName = ({ name }: JsonObject): string => textOf(name).slice(0, NAME_LENGTH);

function countNames(workers: readonly JsonObject[]): ReadonlyMap<string, number> {
  return new Map([...Map.groupBy(workers, kernelName)].map(([name, { length }]) => [name, length] as const));
}

function factsOf({ name, file, threadId, startedAtMs, heapUsedBytes, heapLimitBytes }: JsonObject) {
  const megabytes = (value: JsonObject[string]): number | null =>
    typeof value === 'number' ? round(value / 1_048_576) : null;
  return {
    name: textOf(name),
    file: textOf(file) || null,
    threadId: numberOf(threadId),
    startedAtMs: numberOf(startedAtMs),
    heapUsedMb: megabytes(heapUsedBytes),
    heapLimitMb: megabytes(heapLimitBytes),
  };
}

function loopOf(worker: JsonObject, before: JsonObject | undefined) {
  const activeMs = numberOf(worker.loopActiveMs) - numberOf(before?.loopActiveMs);
  const windowMs = activeMs + numberOf(worker.loopIdleMs) - numberOf(before?.loopIdleMs);
  return { utilization: windowMs <= 0 ? 0 : round(activeMs / windowMs, 3), windowMs };
}

/** The worker's own figure, or that of the one thread of the kernel's that has its name. */
function threadOf(after: JsonObject, before: JsonObject | undefined, kernel: readonly ThreadSample[]) {
  const same = kernel.filter(({ name }) => name !== '' && name === kernelName(after));
  const [thread] = same.length === 1 ? same : [];
  const spanMs = numberOf(after.measuredAtMs) - numberOf(before?.measuredAtMs);
  const isTold = typeof before?.cpuMs === 'number' && typeof after.cpuMs === 'number' && spanMs > 0;
  return {
    cpuPercent: isTold
      ? round((100 * (numberOf(after.cpuMs) - numberOf(before.cpuMs))) / spanMs)
      : (thread?.cpuPercent ?? null),
    tid: thread?.tid ?? null,
    state: thread?.state ?? null,
  };
}
