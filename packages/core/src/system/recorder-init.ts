// What main tells the recorder thread at its start, beyond the recorder's own needs: all that an investigation takes
// when main cannot be asked.
import type { TreeNode } from '../actor/supervision/tree.ts';
import type { StrategyRef } from '../coordinator/strategy-ref.ts';
import type { Id } from '../ids.ts';
import type { OperatorPlan } from '../operator/plan.ts';
import type { ModelChoice } from '../operator/spec.ts';
import type { AnomalySettings } from '../recorder/anomaly/settings.ts';
import type { ScheduleOptions } from '../schedule/spec.ts';
import type { SkillDescriptor } from '../skill-host.ts';
import type { LensEvent, LensEventType, ToldEvent } from '../telemetry/events.ts';
import type { WebhookOptions } from '../webhook/spec.ts';
import type { IncidentSettings } from './incident-options.ts';
import type { SpendingOptions } from './spending-options.ts';

export interface RecorderInit {
  /** When Nodelens was started, wall-clock ms: before that it has told nothing. */
  readonly startedAtMs: number;
  readonly operators: readonly OperatorPlan[];
  readonly model: ModelChoice;
  /** Of investigations; the agent loop when undefined. */
  readonly strategy?: StrategyRef;
  readonly spending: SpendingOptions;
  /** Whether a thread is kept in reserve for continuous operators. */
  readonly spareThread: boolean;
  /** Null: there is no anomaly detector. */
  readonly anomaly: AnomalySettings | null;
  /** What differs from the defaults. */
  readonly incidents: IncidentSettings;
  /** The user's skills, which live on main. */
  readonly mainSkills: readonly SkillDescriptor[];
  /** Folder of the control socket; null when there is none. */
  readonly control: { readonly directory?: string } | null;
  readonly schedules?: readonly ScheduleOptions[];
  readonly webhooks?: readonly WebhookOptions[];
}

/** Small messages from main to the recorder thread. */
export type MainNews =
  /** The supervision tree as main knows it, after each change. */
  | { readonly type: 'tree'; readonly tree: TreeNode }
  /** From now on all of main's own events come; the answer to `listening` to all. */
  | { readonly type: 'watched' }
  /** What happened on main and is listened to, in order; before them as many as `dropped` did not fit. */
  | { readonly type: 'events'; readonly events: readonly ToldEvent[]; readonly dropped: number }
  /** `incident.opened` has reached the listeners on main. */
  | { readonly type: 'incident.heard'; readonly id: Id }
  /** Operators of another version than at the start. */
  | ({ readonly type: 'operators' } & Pick<RecorderInit, 'operators' | 'mainSkills'>);

/** Small messages from the recorder thread to main. */
export type RecorderNews =
  | { readonly type: 'event'; readonly event: LensEvent }
  /** Which of main's own events are listened to on the recorder thread: those, or all. */
  | { readonly type: 'listening'; readonly types: readonly LensEventType[] | '*' }
  /** The next `events` may come. */
  | { readonly type: 'events.taken' }
  | { readonly type: 'control.listening'; readonly path: string }
  | { readonly type: 'control.failed'; readonly message: string }
  /** A file of the data folder could not be used and was moved aside. */
  | { readonly type: 'store.warning'; readonly message: string };
