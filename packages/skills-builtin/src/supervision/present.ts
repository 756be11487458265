// The present as main tells it: the living worker threads with their loop and CPU over a window, and who started them.
import type { JsonObject, ProbeFeed } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf, textOf } from '../evidence.ts';
import { pause } from '../pause.ts';
import { round } from '../wording.ts';
import type { Frame } from './life.ts';
import type { Lives } from './lives.ts';

const TIMEOUT_MS = 500;
/** A worker answers what its CPU is within that time, unless main is blocked. */
const ANSWER_MS = 100;

export interface WorkerNow {
  readonly id: number;
  readonly name: string;
  readonly file: string | undefined;
  readonly threadId: number;
  readonly startedAtMs: number;
  readonly starter: Frame | undefined;
  /** Over the window; waiting in Atomics.wait counts as active. */
  readonly eventLoopUtilization: number | undefined;
  /** Percent of one core over the window; undefined where the worker cannot tell. */
  readonly cpuPercent: number | undefined;
  /** Since it started. */
  readonly cpuTotalMs: number | undefined;
  readonly heapUsedMb: number | undefined;
  readonly heapLimitMb: number | undefined;
}

/** As far as is known while main does not answer. */
export const workersRemembered = (lives: Lives): readonly WorkerNow[] =>
  lives
    .alive()
    .filter(({ kind }) => kind === 'worker')
    .map(({ id, name, file, threadId = 0, startedAtMs, starter, heapLimitMb }) => ({
      id,
      name,
      file,
      threadId,
      startedAtMs,
      starter,
      heapLimitMb,
      eventLoopUtilization: undefined,
      cpuPercent: undefined,
      cpuTotalMs: undefined,
      heapUsedMb: undefined,
    }));

/** @throws NodelensError when main does not answer */
export async function workersNow(
  feed: ProbeFeed,
  windowMs: number,
  signal: AbortSignal,
): Promise<readonly WorkerNow[]> {
  const look = async (): Promise<readonly JsonObject[]> =>
    listOf(await feed.ask({ of: 'workers', measure: true }, { timeoutMs: TIMEOUT_MS }));
  const before = await look();
  await pause(windowMs, signal);
  // What a look asks of a worker, the next one tells.
  const asked = await look();
  await pause(ANSWER_MS, signal);
  const after = await look();
  return after.map((worker) => {
    const same = ({ id }: JsonObject): boolean => id === worker.id;
    return nowOf({ before: before.find(same), asked: asked.find(same), after: worker });
  });
}

interface Looks {
  readonly before: JsonObject | undefined;
  readonly asked: JsonObject | undefined;
  readonly after: JsonObject;
}

function nowOf({ before, asked, after }: Looks): WorkerNow {
  const megabytes = (value: JsonObject[string]): number | undefined =>
    typeof value === 'number' ? round(value / 1_048_576) : undefined;
  const frame = placeOf(after.frame);
  return {
    id: numberOf(after.id),
    name: textOf(after.name),
    file: textOf(after.file) || undefined,
    threadId: numberOf(after.threadId),
    startedAtMs: numberOf(after.startedAtMs),
    starter: frame && { ...frame, column: numberOf(objectOf(after.frame).column, 1) },
    eventLoopUtilization: utilizationOf(before ?? {}, after),
    cpuPercent: asked === undefined ? undefined : cpuPercentOf(asked, after),
    cpuTotalMs: typeof after.cpuMs === 'number' ? after.cpuMs : undefined,
    heapUsedMb: megabytes(after.heapUsedBytes),
    heapLimitMb: megabytes(after.heapLimitBytes),
  };
}

function utilizationOf(before: JsonObject, after: JsonObject): number {
  const activeMs = numberOf(after.loopActiveMs) - numberOf(before.loopActiveMs);
  const idleMs = numberOf(after.loopIdleMs) - numberOf(before.loopIdleMs);
  return activeMs + idleMs <= 0 ? 0 : round(activeMs / (activeMs + idleMs), 3);
}

function cpuPercentOf(before: JsonObject, after: JsonObject): number | undefined {
  const spanMs = numberOf(after.measuredAtMs) - numberOf(before.measuredAtMs);
  const hasTold = typeof before.cpuMs === 'number' && typeof after.cpuMs === 'number';
  return hasTold && spanMs > 0
    ? round((100 * (numberOf(after.cpuMs) - numberOf(before.cpuMs))) / spanMs)
    : undefined;
}
