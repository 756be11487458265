// What an investigation answers. Every field that a model claims is verified in code before it stands here.
import type { WireError } from '../errors.ts';
import type { Id } from '../ids.ts';
import type { HealthState, Notification, OperatorStatus } from '../operator/notification.ts';
import type { Subject } from '../skill.ts';

export interface Insight {
  readonly id: Id;
  readonly investigationId: Id;
  readonly notificationIds: readonly Id[];
  /** `temporal`: close in time; `causal`: one caused another; `symptomatic`: one common cause. */
  readonly correlationType: 'temporal' | 'causal' | 'symptomatic';
  /** Observations only. */
  readonly summary: string;
  /** Verbatim observations of the referenced notifications. */
  readonly matchedObservations: readonly string[];
  /** True only if two independent operators, or another operator's observation, support the hypothesis. */
  readonly hypothesisGrounded: boolean;
  readonly rootCauseHypothesis?: string;
  readonly confidence: 'high' | 'medium' | 'low';
  /** What is to blame, the most specific first. */
  readonly subjects: readonly Subject[];
  /** ISO-8601 UTC. */
  readonly createdAt: string;
}

export interface OperatorOutcome {
  readonly operator: string;
  readonly skill: string;
  readonly state: HealthState;
  readonly status: OperatorStatus;
  readonly error?: WireError;
  readonly iterations: number;
  readonly durationMs: number;
}

export interface Usage {
  readonly model: string;
  readonly calls: number;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly costUsd?: number;
}

export interface InvestigationResult {
  readonly schema: 'nodelens.investigation/1';
  readonly id: Id;
  readonly status: 'completed' | 'deadline_exceeded' | 'cancelled' | 'budget_exceeded' | 'failed';
  readonly reason: string;
  /** The reason answered in words, where the strategy does so: `pipeline()`, and one of your own. */
  readonly answer?: string;
  readonly insights: readonly Insight[];
  readonly notifications: readonly Notification[];
  readonly operators: readonly OperatorOutcome[];
  readonly usage: Usage;
  /** ISO-8601 UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** Why it stopped early; absent when completed. */
  readonly error?: WireError;
}
