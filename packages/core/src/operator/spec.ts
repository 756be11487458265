// An operator as data: what the system, the coordinator and its stand-in need to start one.
import type { RestartType } from '../actor/supervision/child-spec.ts';
import type { CountedUsage } from '../agent/meter.ts';
import type { OperatorOutcome } from '../coordinator/insight.ts';
import type { Id } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import type { ModelRef } from '../llm/model.ts';
import type { SkillDescriptor } from '../skill-host.ts';
import type { ContinuousEvent } from '../telemetry/continuous-events.ts';
import type { Memory } from './memory.ts';
import type { HealthState, Notification, Snapshot } from './notification.ts';
import type { Unstored } from './unstored.ts';

/** A model that an operator loads itself, or the name of a live one on main, called over the `main-model` service. */
export type ModelChoice = ModelRef | { readonly kind: 'main-model'; readonly name: string };

export interface OperatorSpec {
  /** Unique; the skill's id unless the user named it. */
  readonly name: string;
  readonly skill: SkillDescriptor;
  readonly mode: 'on-demand' | 'continuous';
  readonly restart: RestartType;
  readonly model: ModelChoice;
  readonly limits: OperatorLimits;
}

export interface OperatorLimits {
  /** Default 25. */
  readonly maxIterations: number;
  /** Attempts of one model call before the run fails. Default 3. */
  readonly modelAttempts: number;
  /** Pause of main that one skill call may cause, in ms. Default 250. */
  readonly maxPauseMs: number;
  /** Input tokens of one call above which the transcript is compacted. Default 50,000. */
  readonly compactAtTokens: number;
  /** Messages kept verbatim by compaction. Default 5. */
  readonly compactKeepLast: number;
  /** Continuous mode: how often its checks look, and pause between rounds, in ms. Default 30,000. */
  readonly roundEveryMs: number;
  /** Continuous mode: what was reported is reported again after that long, unless it is over. In ms, default an hour. */
  readonly repeatAfterMs: number;
  /** Heap and external memory of its thread, in MB: above it the operator is ended. Default 128. */
  readonly memoryMb: number;
  /**
   * CPU of its thread over some seconds, as a share of one core: above it the thread is slowed down, and ended when
   * that does not help. Default 0.5.
   */
  readonly maxCpuShare: number;
}

export const defaultOperatorLimits: OperatorLimits = {
  maxIterations: 25,
  modelAttempts: 3,
  maxPauseMs: 250,
  compactAtTokens: 50_000,
  compactKeepLast: 5,
  roundEveryMs: 30_000,
  repeatAfterMs: 3_600_000,
  memoryMb: 128,
  maxCpuShare: 0.5,
};

/** Input of the operator actor (`operator/operator.ts`, export `createOperator`). */
export interface OperatorInput {
  readonly spec: OperatorSpec;
  readonly investigationId: Id;
  /** `reason` and whatever else the caller wants the model to know. */
  readonly context: JsonObject & { readonly reason: string };
  /** Of this run, in ms; absent: none. */
  readonly timeoutMs?: number;
  /** Wall-clock ms since when the deadline counts: the run may have waited for a thread. Absent: since it began. */
  readonly requestedAtMs?: number;
}

/**
 * What the operator actor emits, in order; `operator.completed` is the last of a run. For one that died without a
 * result, who follows the run tells it.
 */
export type OperatorEvent =
  | {
      readonly type: 'operator.state_changed';
      readonly operator: string;
      readonly state: HealthState;
      readonly reason: string;
    }
  | (Unstored & {
      readonly type: 'operator.notification';
      readonly operator: string;
      readonly notification: Notification;
    })
  | {
      readonly type: 'operator.step';
      readonly operator: string;
      readonly iteration: number;
      readonly tools: readonly string[];
      readonly text: string;
    }
  | {
      readonly type: 'operator.model_failed';
      readonly operator: string;
      readonly code: string;
      readonly message: string;
      readonly willRetry: boolean;
    }
  | Extract<ContinuousEvent, { type: 'tool.called' }>
  | { readonly type: 'operator.completed'; readonly operator: string; readonly result: OperatorRunResult };

/** The last word of a continuous operator before its thread ends; for its resident alone. */
export interface RoundEnded {
  readonly type: 'operator.round_ended';
  /** What was reported in an earlier round and was seen again. */
  readonly confirmed: readonly Id[];
  /** How long the model wants to wait until the next round, in ms. */
  readonly askedWaitMs?: number;
}

/** Messages to the operator actor. */
export type OperatorCommand =
  /** tell, in continuous mode: begins its one round, which is a run of its own. `wokenBy` is for the model. */
  | {
      readonly type: 'operator.begin';
      readonly runId: Id;
      readonly memory: Memory;
      readonly wokenBy: string;
    }
  /** tell */
  | { readonly type: 'operator.cancel'; readonly reason: string }
  /** ask: answered by the model from the run's transcript, which it does not change. */
  | { readonly type: 'operator.message'; readonly text: string }
  /** ask: `{ state, iteration, running }` */
  | { readonly type: 'operator.status' };

export interface OperatorRunResult extends OperatorOutcome {
  readonly investigationId: Id;
  readonly notifications: readonly Notification[];
  readonly snapshots: readonly Snapshot[];
  readonly usage: CountedUsage;
}
