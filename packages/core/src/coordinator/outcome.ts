// How an operator's run stands in the result of its investigation: without what is told elsewhere.
import type { OperatorRunResult } from '../operator/spec.ts';
import type { OperatorOutcome } from './insight.ts';

export function outcomeOf(result: OperatorRunResult): OperatorOutcome {
  const { operator, skill, state, status, error, iterations, durationMs } = result;
  return { operator, skill, state, status, ...(error && { error }), iterations, durationMs };
}
