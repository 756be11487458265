// When a finding is over: what made it fire is quiet for two rounds in a row, or the model does not see it any more in
// as many. Pure.
import { type Memory, type Reported, resolve } from '../operator/memory.ts';
import type { OperatorRunResult } from '../operator/spec.ts';
import type { Cause } from './cause.ts';

/** One quiet round may be chance. */
const QUIET_ROUNDS = 2;

export interface Resolution {
  readonly memory: Memory;
  /** What is over now. */
  readonly over: readonly Reported[];
}

/** After the checks have looked, for what they saw. */
export const afterLook = (memory: Memory, causes: readonly Cause[], nowMs: number): Resolution =>
  settle(memory, { nowMs, counter: 'quietRounds' }, ({ causes: own }) =>
    own.length === 0 ? undefined : !own.some((id) => causes.some((cause) => cause.id === id)),
  );

/**
 * After the model has looked, for what it alone saw, and for what still fires: a check may go on for less than what was
 * found. A run that failed says nothing, nor does one that leaves the domain in a bad state: which of its findings is
 * meant is not known.
 * @param wokenFor ids of the causes that it was to look at.
 */
export function afterRound(
  memory: Memory,
  { result, confirmed, wokenFor }: RoundSeen,
  nowMs: number,
): Resolution {
  if (result.status !== 'completed') return { memory, over: [] };
  const seen = new Set([...confirmed, ...result.notifications.map(({ id }) => id)]);
  return settle(memory, { nowMs, counter: 'wellRounds' }, ({ causes, id }) => {
    const isLookedAt = causes.length === 0 || causes.some((cause) => wokenFor.includes(cause));
    return isLookedAt || seen.has(id) ? result.state === 'healthy' && !seen.has(id) : undefined;
  });
}

export interface RoundSeen {
  readonly result: OperatorRunResult;
  readonly confirmed: readonly string[];
  readonly wokenFor: readonly string[];
}

/** @param isQuiet undefined where this look cannot tell. */
function settle(
  memory: Memory,
  { nowMs, counter }: { readonly nowMs: number; readonly counter: 'quietRounds' | 'wellRounds' },
  isQuiet: (reported: Reported) => boolean | undefined,
): Resolution {
  const reported = memory.reported.map((one): Reported => {
    const quiet = isQuiet(one);
    return quiet === undefined ? one : { ...one, [counter]: quiet ? one[counter] + 1 : 0 };
  });
  const over = reported.filter((one) => one[counter] >= QUIET_ROUNDS);
  return { memory: resolve({ ...memory, reported }, over, nowMs), over };
}
