// Which functions of a worker thread take its CPU, from a profile of a third of a second.
import type { JsonObject, JsonValue, ProbeFeed } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { pause } from '../pause.ts';
import { sum } from '../statistics.ts';
import { round } from '../wording.ts';
import type { Frame } from './life.ts';

const TIMEOUT_MS = 500;
const LOOK_EVERY_MS = 200;
const LOOKS = 8;
const TOLD = 10;

export interface WorkerFunction {
  readonly frame: Frame;
  /** Share of the samples in which it ran itself, 0 to 1. */
  readonly selfShare: number;
}

/** The app's own functions, the busiest first; undefined when the worker did not tell. */
export async function workerFunctions(
  feed: ProbeFeed,
  id: number,
  signal: AbortSignal,
): Promise<readonly WorkerFunction[] | undefined> {
  const ask = (step: string): Promise<JsonValue> =>
    feed.ask({ of: 'profile', id, step }, { timeoutMs: TIMEOUT_MS });
  if ((await ask('begin')) !== true) return undefined;
  for (let look = 0; look < LOOKS && !signal.aborted; look += 1) {
    await pause(LOOK_EVERY_MS, signal);
    const text = textOf(await ask('take'));
    if (text !== '') return functionsOf(text);
  }
  return undefined;
}

/** @param text a profile as of the inspector's Profiler */
export function functionsOf(text: string): readonly WorkerFunction[] {
  const nodes = listOf(objectOf(parse(text)).nodes);
  const hits = sum(nodes.map(({ hitCount }) => numberOf(hitCount)));
  const byPlace = Map.groupBy(nodes.filter(isOfApp), ({ callFrame }) => {
    const { url, lineNumber, columnNumber } = objectOf(callFrame);
    return `${textOf(url)}:${numberOf(lineNumber)}:${numberOf(columnNumber)}`;
  });
  return [...byPlace.values()]
    .map((same): WorkerFunction => {
      const own = sum(same.map(({ hitCount }) => numberOf(hitCount)));
      return { frame: frameOf(same[0] ?? {}), selfShare: hits === 0 ? 0 : round(own / hits, 3) };
    })
    .filter(({ selfShare }) => selfShare > 0)
    .sort((a, b) => b.selfShare - a.selfShare)
    .slice(0, TOLD);
}

function isOfApp({ callFrame }: JsonObject): boolean {
  const url = textOf(objectOf(callFrame).url);
  return url !== '' && !url.startsWith('node:');
}

function frameOf({ callFrame }: JsonObject): Frame {
  const { functionName, url, lineNumber, columnNumber } = objectOf(callFrame);
  return {
    name: textOf(functionName) || '(anonymous)',
    file: textOf(url),
    line: numberOf(lineNumber) + 1,
    column: numberOf(columnNumber) + 1,
  };
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
}
