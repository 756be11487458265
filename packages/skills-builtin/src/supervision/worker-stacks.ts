// Which functions of the app a worker thread is in, from a few stacks of it within a third of a second.
import type { ProbeFeed } from '@nodelens/core';
import { framesOf, isOfApp } from '../app-frame.ts';
import { textOf } from '../evidence.ts';
import { pause } from '../pause.ts';
import { round } from '../wording.ts';
import type { Frame } from './life.ts';

const TIMEOUT_MS = 500;
const LOOK_EVERY_MS = 200;
const LOOKS = 6;
const TOLD = 20;

export interface OnStack {
  readonly frame: Frame;
  /** Share of the stacks in which it is, 0 to 1. */
  readonly share: number;
}

/** Those of the newest stack, the innermost first; undefined when the worker did not tell. */
export async function workerStacks(
  feed: ProbeFeed,
  id: number,
  signal: AbortSignal,
): Promise<readonly OnStack[] | undefined> {
  const question = { of: 'stacks', id };
  const begun = await feed.ask({ ...question, step: 'begin' }, { timeoutMs: TIMEOUT_MS });
  if (begun !== true) return undefined;
  for (let look = 0; look < LOOKS && !signal.aborted; look += 1) {
    await pause(LOOK_EVERY_MS, signal);
    const told = await feed.ask({ ...question, step: 'take' }, { timeoutMs: TIMEOUT_MS });
    if (Array.isArray(told)) return told.length === 0 ? undefined : sharesOf(told.map(textOf));
  }
  return undefined;
}

/** @param texts stacks as V8 writes them, the newest last */
export function sharesOf(texts: readonly string[]): readonly OnStack[] {
  const stacks = texts.map((text): readonly Frame[] => [...framesOf(text, '')].filter(isOfApp));
  const newest = stacks.at(-1) ?? [];
  return newest.slice(0, TOLD).map((frame) => {
    const holding = stacks.filter((frames) => frames.some((other) => isSame(frame, other)));
    return { frame, share: round(holding.length / stacks.length, 3) };
  });
}

/** A stack has the line that runs, not that of the function. */
const isSame = (one: Frame, other: Frame): boolean => one.name === other.name && one.file === other.file;
