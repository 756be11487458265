// Counts the calls of a few functions: one breakpoint each, which stands until the time is over or its function is hot.
import type { ProbeFeed } from '@nodelens/core';
import { rung } from './bell.ts';
import type { MainDebugger } from './debugger.ts';
import { bellOf, CALLS, OVER_AT, RECORDING } from './protocol.ts';
import type { Candidate } from './targets.ts';
import type { Watched } from './watched.ts';

export interface Counted {
  readonly candidate: Candidate;
  readonly calls: number;
  readonly elapsedMs: number;
  /** It went over the limit of calls per second: it is called at least that often. */
  readonly isHot: boolean;
}

export interface CountRun {
  readonly feed: ProbeFeed;
  readonly ms: number;
  readonly signal: AbortSignal;
}

export async function countCalls(
  debug: MainDebugger,
  watched: readonly Watched[],
  { feed, ms, signal }: CountRun,
): Promise<readonly Counted[]> {
  await feed.ask({ ask: 'count', options: { functions: watched.length, maxMs: ms } });
  const { numbers } = feed;
  const bell = bellOf(numbers);
  const startedAt = performance.now();
  const standing = new Map<number, () => Promise<unknown>>();
  for (const [index, { plan, candidate }] of watched.entries()) {
    const condition = `${RECORDING}?.hit(${index})`;
    standing.set(
      index,
      await debug.breakAt({ scriptId: candidate.listed.scriptId, ...plan.entry, condition }),
    );
  }
  for (;;) {
    const seen = Atomics.load(bell, 0);
    const leftMs = startedAt + ms - performance.now();
    const isOver = leftMs <= 0 || signal.aborted;
    for (const [index, remove] of standing) {
      if (!isOver && numbers[OVER_AT + index] === 0) continue;
      standing.delete(index);
      await remove();
    }
    if (standing.size === 0) break;
    await rung(bell, seen, { ms: leftMs, signal });
  }
  const elapsedMs = Math.min(ms, performance.now() - startedAt);
  return watched.map(({ candidate }, index) => {
    const overAt = numbers[OVER_AT + index] ?? 0;
    const isHot = overAt > 0;
    return { candidate, calls: numbers[CALLS + index] ?? 0, elapsedMs: isHot ? overAt : elapsedMs, isHot };
  });
}
