// What the coordinator's tools and strategies work on: one investigation's state, its operators and the news.
import type { Clock } from '../actor/clock.ts';
import type { ToolLog } from '../agent/tool-log.ts';
import type { Id } from '../ids.ts';
import type { OperatorSpec } from '../operator/spec.ts';
import type { Keeper } from '../recorder/store/client.ts';
import type { Fleet } from './fleet.ts';
import type { CoordinatorEvent } from './spec.ts';
import type { InvestigationChange, InvestigationState } from './state.ts';

/** A look later, in an investigation of its own. */
export interface FollowUp {
  readonly ms: number;
  readonly reason: string;
}

export interface CoordinatorDesk {
  readonly investigationId: Id;
  readonly clock: Clock;
  /** What is available in this investigation. */
  readonly operators: readonly OperatorSpec[];
  readonly fleet: Fleet;
  readonly keeper: Pick<Keeper, 'keep'>;
  /** Whether one more follow-up may be scheduled: a chain of them is bounded. */
  readonly canSchedule: boolean;
  state(): InvestigationState;
  apply(change: InvestigationChange): void;
  emit(event: CoordinatorEvent): void;
  /** Resolves after `ms`, or as soon as there is news that the model was not told; rejects on abort. */
  newsWithin(ms: number, signal: AbortSignal): Promise<void>;
  /** Starts an operator that is not running. Default reason: the investigation's. */
  start(spec: OperatorSpec, reason: string | undefined): void;
  schedule(followUp: FollowUp): void;
  /** What is answered to the reason in words; the last one counts. */
  answer(text: string): void;
}

/** Tells of the tools that the coordinator's model calls, in any strategy. */
export const coordinatorToolLog = ({ investigationId, clock, emit }: CoordinatorDesk): ToolLog => ({
  investigationId,
  caller: 'coordinator',
  clock,
  emit,
});
