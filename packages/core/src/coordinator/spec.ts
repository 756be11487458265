// The coordinator as data: the same on main and on the stand-in's thread.
import type { Id } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import type { ModelChoice, OperatorEvent, OperatorSpec } from '../operator/spec.ts';
import type { Unstored } from '../operator/unstored.ts';
import type { Insight, InvestigationResult } from './insight.ts';
import type { StrategyChoice, StrategyRef } from './strategy-ref.ts';

export interface CoordinatorLimits {
  /** Default 25. */
  readonly maxIterations: number;
  readonly modelAttempts: number;
  /** Investigations that may wait. Default 16. */
  readonly maxQueued: number;
  readonly compactAtTokens: number;
  readonly compactKeepLast: number;
}

export const defaultCoordinatorLimits: CoordinatorLimits = {
  maxIterations: 25,
  modelAttempts: 3,
  maxQueued: 16,
  compactAtTokens: 50_000,
  compactKeepLast: 5,
};

/** Input of the coordinator actor (`coordinator/coordinator.ts`, export `createCoordinator`); service: `launcher`. */
export interface CoordinatorInput {
  readonly operators: readonly OperatorSpec[];
  readonly model: ModelChoice;
  readonly limits: CoordinatorLimits;
  /** How investigations are led that ask for nothing else. Default: the agent loop. */
  readonly strategy?: StrategyRef;
  /** It ends with the answer of its one investigation: nothing can be scheduled to follow. Default: false. */
  readonly isForOneRun?: boolean;
}

/** Deadline of an investigation, from its turn in the queue, in ms. */
export const DEFAULT_INVESTIGATION_MS = 300_000;

export interface InvestigationRequest {
  /** Given by the caller when it must be known beforehand. */
  readonly id?: Id;
  readonly reason: string;
  /** Whatever else the model should know. */
  readonly context?: JsonObject;
  /** Names of operators or ids of skills that are available in this run; all when absent. */
  readonly skills?: readonly string[];
  /** Default {@link DEFAULT_INVESTIGATION_MS}, at most a day. */
  readonly timeoutMs?: number;
  readonly maxIterations?: number;
  /** Overrides the operators' `maxPauseMs`. */
  readonly maxPauseMs?: number;
  /** Default: the coordinator's. */
  readonly strategy?: StrategyChoice;
}

/** Messages to the coordinator actor. */
export type CoordinatorCommand =
  /** ask: answers an InvestigationResult; cancelling the ask cancels the investigation. */
  | { readonly type: 'coordinator.run'; readonly request: InvestigationRequest }
  /** tell: cancels that investigation, or the running one and all that wait; each still answers its ask, as `cancelled`. */
  | { readonly type: 'coordinator.cancel'; readonly reason: string; readonly investigationId?: Id }
  /** tell: from the next investigation on these are its operators. */
  | { readonly type: 'coordinator.operators'; readonly operators: readonly OperatorSpec[] }
  /** ask: `{ running, queued, iteration, notificationCount, unreadCount }` */
  | { readonly type: 'coordinator.status' };

/** What the coordinator actor emits, in order. Events of its operators are passed on. */
export type CoordinatorEvent =
  | { readonly type: 'investigation.started'; readonly investigationId: Id; readonly reason: string }
  | {
      readonly type: 'coordinator.step';
      readonly investigationId: Id;
      readonly iteration: number;
      readonly tools: readonly string[];
      readonly text: string;
    }
  | { readonly type: 'operator.started'; readonly investigationId: Id; readonly operator: string }
  | {
      readonly type: 'operator.failed';
      readonly investigationId: Id;
      readonly operator: string;
      readonly message: string;
    }
  | (Unstored & {
      readonly type: 'insight.produced';
      readonly investigationId: Id;
      readonly insight: Insight;
    })
  | {
      readonly type: 'investigation.finished';
      readonly investigationId: Id;
      readonly result: InvestigationResult;
    }
  | (OperatorEvent & { readonly investigationId: Id });
