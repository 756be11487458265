// A function that is about to be watched: its place in the running code, and where its breakpoints stand.
import type { RecorderContext } from '@nodelens/core';
import type { MainDebugger } from './debugger.ts';
import { type Position, runningSource } from './functions.ts';
import { type BreakLocation, planTrace, type TracePlan } from './plan.ts';
import type { CodePosition } from './protocol.ts';
import type { Candidate } from './targets.ts';

export interface Watched {
  readonly candidate: Candidate;
  readonly plan: TracePlan;
  /** In the running code; 1-based. */
  readonly from: CodePosition;
  readonly to: CodePosition;
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
    from: oneBased(start),
    to: oneBased(end),
  };
}

const oneBased = ({ lineNumber, columnNumber }: Position): CodePosition => ({
  line: lineNumber + 1,
  column: columnNumber + 1,
});
