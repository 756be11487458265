// How an investigation is led: a generator of steps over its desk.
import type { LoopEnd, Step } from '../agent/loop.ts';
import type { Model } from '../llm/model.ts';
import type { CoordinatorDesk } from './desk.ts';
import type { CoordinatorLimits, InvestigationRequest } from './spec.ts';

export interface StrategyInput {
  readonly request: InvestigationRequest;
  /** Counted, with attempts. */
  readonly model: Model;
  readonly limits: CoordinatorLimits;
  /** Wall-clock ms. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** Never throws; how it ended is its return value. Operators may still run then. */
export type Strategy = (
  desk: CoordinatorDesk,
  input: StrategyInput,
) => AsyncGenerator<Step, LoopEnd, undefined>;
