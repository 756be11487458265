// A function that is about to be watched: its place in the running code, and where its breakpoints stand.
import type { RecorderContext } from '@nodelens/core';
import type { MainDebugger } from './debugger.ts';
import { runningSource } from './functions.ts';
import { type BreakLocation, planTrace, type TracePlan } from './plan.ts';
import type { Candidate } from './targets.ts';

export interface Watched {
  readonly candidate: Candidate;
  readonly plan: TracePlan;
  /** 1-based lines of the running code. */
  readonly fromLine: number;
  readonly toLine: number;
}

/** @throws Error when its calls cannot be watched. */
export async function watch(
  inspector: RecorderContext['inspector'],
  debug: MainDebugger,
  candidate: Candidate,
): Promise<Watched> {
  const { scriptId, from, to } = candidate.listed;
  const source = await runningSource(inspector, scriptId);
  const start = source.positionOf(from);
  const end = source.positionOf(to);
  const { locations } = await debug.post('Debugger.getPossibleBreakpoints', {
    start: { scriptId, ...start },
    end: { scriptId, ...end },
    restrictToFunction: true,
  });
  const places = (locations ?? []) as unknown as readonly BreakLocation[];
  return {
    candidate,
    plan: planTrace({ source, from, to, locations: places }),
    fromLine: start.lineNumber + 1,
    toLine: end.lineNumber + 1,
  };
}
