// Records the calls of one function until its first limit; what has been called in time may settle afterwards.
import type { JsonObject, ProbeFeed } from '@nodelens/core';
import { rung } from './bell.ts';
import type { MainDebugger } from './debugger.ts';
import { bellOf, type Recorded, type TraceOptions } from './protocol.ts';
import type { Watched } from './watched.ts';

export interface RecordRun {
  readonly feed: ProbeFeed;
  /** `performance.now()` at which it ends. */
  readonly until: number;
  readonly signal: AbortSignal;
}

export async function recordCalls(
  debug: MainDebugger,
  { candidate, plan, from, to }: Watched,
  { feed, until, signal, maxCalls }: RecordRun & { readonly maxCalls: number },
): Promise<void> {
  const { scriptId } = candidate.listed;
  const bell = bellOf(feed.numbers);
  const seen = Atomics.load(bell, 0);
  const maxMs = Math.max(1, until - performance.now());
  const options: TraceOptions = { scriptId, from, to, timing: plan.timing, maxCalls, maxMs };
  await feed.ask({ ask: 'trace', options: options as unknown as JsonObject });
  // The end first: a call that is entered must be seen to return.
  for (const breakpoint of plan.breakpoints.toReversed()) await debug.breakAt({ scriptId, ...breakpoint });
  await rung(bell, seen, { ms: until - performance.now(), signal });
  // Before the breakpoints go: main must say which call is on its stack.
  await feed.ask({ ask: 'finish-entries' });
}

/** Call it when the breakpoints are gone. */
export async function collectRecorded({ feed, until, signal }: RecordRun): Promise<Recorded> {
  const bell = bellOf(feed.numbers);
  for (;;) {
    const seen = Atomics.load(bell, 0);
    const pending = Number(await feed.ask({ ask: 'finish-entries' }));
    const ms = until - performance.now();
    if (pending === 0 || ms <= 0 || signal.aborted) break;
    await rung(bell, seen, { ms, signal });
  }
  return (await feed.ask({ ask: 'end' })) as unknown as Recorded;
}
