// When a finding is over: what made it fire is quiet for two rounds in a row. Pure.
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
  settle(memory, nowMs, ({ causes: own }) =>
    own.length === 0 ? undefined : !own.some((id) => causes.some((cause) => cause.id === id)),
  );

/**
 * After the model has looked, for what it alone saw. A run that failed says nothing, nor does one that leaves the
 * domain in a bad state: which of its findings is meant is not known.
 */
export function afterRound(
  memory: Memory,
  { result, confirmed }: { readonly result: OperatorRunResult; readonly confirmed: readonly string[] },
  nowMs: number,
): Resolution {
  if (result.status !== 'completed') return { memory, over: [] };
  const seen = new Set([...confirmed, ...result.notifications.map(({ id }) => id)]);
  return settle(memory, nowMs, ({ causes, id }) =>
    causes.length > 0 ? undefined : result.state === 'healthy' && !seen.has(id),
  );
}

/** @param isQuiet undefined where this look cannot tell. */
function settle(
  memory: Memory,
  nowMs: number,
  isQuiet: (reported: Reported) => boolean | undefined,
): Resolution {
  const reported = memory.reported.map((one): Reported => {
    const quiet = isQuiet(one);
    return quiet === undefined ? one : { ...one, quietRounds: quiet ? one.quietRounds + 1 : 0 };
  });
  const over = reported.filter(({ quietRounds }) => quietRounds >= QUIET_ROUNDS);
  return { memory: resolve({ ...memory, reported }, over, nowMs), over };
}
