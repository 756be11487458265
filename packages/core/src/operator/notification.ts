// What an operator reports, and the evidence that it must carry.
import { isError } from '../errors.ts';
import type { Id } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import type { Severity, Subject } from '../skill.ts';

export interface Snapshot {
  readonly id: Id;
  readonly skill: string;
  /** ISO-8601 UTC. */
  readonly capturedAt: string;
  readonly data: JsonObject;
}

export interface Notification {
  readonly id: Id;
  readonly investigationId: Id;
  /** The operator's name. */
  readonly operator: string;
  /** What kind of anomaly, e.g. `runtime.event_loop_blocked`. */
  readonly type: string;
  readonly severity: Severity;
  /** FACT: the state of the system. */
  readonly context: string;
  /** FACT: what was seen. */
  readonly observation: string;
  /** SPECULATION. */
  readonly hypothesis?: string;
  readonly subjects: readonly Subject[];
  /** The evidence: at least one snapshot that exists in the run. */
  readonly snapshots: readonly Snapshot[];
  /** ISO-8601 UTC. */
  readonly detectedAt: string;
  readonly process: { readonly hostname: string; readonly pid: number };
}

export type HealthState = 'healthy' | 'observing' | 'warning' | 'critical';

/** How a run of an operator ended. */
export type OperatorStatus =
  | 'completed'
  | 'failed'
  | 'cancelled'
  | 'deadline_exceeded'
  | 'iterations_exceeded'
  | 'budget_exceeded';

/** How a run ended that failed for this reason. */
export const statusOfFailure = (reason: unknown): OperatorStatus =>
  isError(reason, 'budget_exceeded') ? 'budget_exceeded' : 'failed';

/** How a run ended whose signal was aborted for this reason. */
export const statusOfAbort = (reason: unknown): OperatorStatus =>
  isError(reason, 'run_deadline_exceeded') ? 'deadline_exceeded' : 'cancelled';
