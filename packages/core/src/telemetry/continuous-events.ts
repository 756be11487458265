// What is told of continuous operation: residents, the anomaly detector, models and their cost, and what starts
// investigations by itself. Part of the one table of events.ts.
import type { WireError } from '../errors.ts';
import type { Id } from '../ids.ts';
import type { Subject } from '../skill.ts';
import { type IncidentEvent, incidentEventDocs } from './incident-events.ts';

/** Why a continuous operator was woken. */
export type WakeReason = 'start' | 'time' | 'check' | 'anomaly' | 'stall';

/** A metric that left its normal range for several samples in a row. */
export interface Anomaly {
  readonly skill: string;
  /** Field of the skill's snapshot; a counter is told as its rate, with `PerSecond` at its end. */
  readonly metric: string;
  readonly value: number;
  /** What is usual: the median of what was learned, for this hour of the day once there is data. */
  readonly expected: number;
  /** How far off, in robust standard deviations; negative below. */
  readonly deviation: number;
  /** Wall-clock ms of the first of the samples in a row. */
  readonly sinceMs: number;
}

export type ContinuousEvent =
  | IncidentEvent
  /** A resident has nothing to do: its state is with the recorder, and its thread ends. */
  | { readonly type: 'operator.hibernated'; readonly operator: string; readonly wakeInMs: number }
  | {
      readonly type: 'operator.woken';
      readonly operator: string;
      readonly why: WakeReason;
      /** What fired, e.g. the ids of checks. */
      readonly detail: string;
    }
  | {
      readonly type: 'finding.resolved';
      readonly investigationId: Id;
      readonly operator: string;
      readonly notificationId: Id;
      /** The type of the notification. */
      readonly findingType: string;
      readonly subjects: readonly Subject[];
      /** From the notification until it was over. */
      readonly lastedMs: number;
    }
  | { readonly type: 'anomaly.learned'; readonly metrics: number; readonly learnedForMs: number }
  | { readonly type: 'anomaly.detected'; readonly anomaly: Anomaly }
  | {
      readonly type: 'anomaly.ended';
      readonly skill: string;
      readonly metric: string;
      readonly lastedMs: number;
    }
  | {
      readonly type: 'investigation.triggered';
      readonly by: 'anomaly' | 'schedule';
      readonly reason: string;
      /** False when one is under way, when the hourly limit is reached, or when it could not be run. */
      readonly isStarted: boolean;
      /** Absent when none was started. */
      readonly investigationId?: Id;
      /** Why it could not be run. */
      readonly error?: WireError;
    }
  | {
      readonly type: 'model.called';
      readonly investigationId: Id;
      /** The operator's name, or `coordinator`. */
      readonly caller: string;
      readonly model: string;
      readonly inputTokens: number;
      readonly cachedInputTokens: number;
      readonly outputTokens: number;
      /** Absent where the price is not known. */
      readonly costUsd?: number;
      readonly durationMs: number;
      /** Wall-clock ms. */
      readonly startedAtMs: number;
      readonly error?: WireError;
    }
  | {
      readonly type: 'tool.called';
      readonly investigationId: Id;
      readonly caller: string;
      readonly tool: string;
      readonly durationMs: number;
      /** Wall-clock ms. */
      readonly startedAtMs: number;
      readonly isError: boolean;
    }
  | {
      readonly type: 'budget.exceeded';
      /** E.g. `day` or `operator runtime, hour`. */
      readonly budget: string;
      readonly limit: number;
      readonly spent: number;
      readonly unit: 'tokens' | 'USD' | 'runs';
      /** ISO-8601 UTC; absent for the budget of one run. */
      readonly freeAt?: string;
    }
  | {
      readonly type: 'circuit.opened';
      readonly model: string;
      readonly failures: number;
      readonly retryInMs: number;
      readonly error: WireError;
    }
  | { readonly type: 'circuit.closed'; readonly model: string; readonly openForMs: number }
  | { readonly type: 'schedule.fired'; readonly schedule: string; readonly isStarted: boolean }
  | {
      readonly type: 'webhook.delivered';
      /** Without query and credentials. */
      readonly url: string;
      readonly event: string;
      readonly attempts: number;
    }
  | {
      readonly type: 'webhook.failed';
      readonly url: string;
      readonly event: string;
      readonly error: WireError;
    };

export const continuousEventDocs: { readonly [T in ContinuousEvent['type']]: string } = {
  'operator.hibernated': 'A continuous operator rests without a thread; `wakeInMs` until it looks again.',
  'operator.woken': 'A continuous operator was woken by time, a check, an anomaly or a stall.',
  'finding.resolved': 'What a continuous operator reported is over.',
  ...incidentEventDocs,
  'anomaly.learned': 'The anomaly detector knows what is usual, and is active from now on.',
  'anomaly.detected': 'A metric left its normal range for several samples in a row.',
  'anomaly.ended': 'A metric that had left its normal range is back.',
  'investigation.triggered':
    'An anomaly or a schedule asked for an investigation; `isStarted` tells whether it got one.',
  'model.called': 'A model answered or failed; carries tokens, cost and duration.',
  'tool.called': 'An operator or the coordinator called a tool; carries how long it took.',
  'budget.exceeded': 'A budget is used up; told once until it is free again.',
  'circuit.opened': 'A model failed several times in a row and is not asked for a while.',
  'circuit.closed': 'A model whose circuit was open answers again.',
  'schedule.fired': 'The time of a schedule came.',
  'webhook.delivered': 'A webhook took an event.',
  'webhook.failed': 'A webhook did not take an event, after all attempts.',
};
