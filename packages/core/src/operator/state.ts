// What an operator holds during a run, and the only place where it changes.
import type { Id } from '../ids.ts';
import type { HealthState, Notification, Snapshot } from './notification.ts';

export interface OperatorState {
  readonly health: HealthState;
  /** Oldest first. */
  readonly snapshots: readonly Snapshot[];
  /** Oldest first. */
  readonly notifications: readonly Notification[];
  readonly iteration: number;
  /** Continuous mode: ids of what was reported in an earlier round and was seen again in this one. */
  readonly confirmed: readonly Id[];
  /** Continuous mode: how long the model wants to wait until the next round, in ms; undefined when it did not say. */
  readonly askedWaitMs: number | undefined;
}

export type OperatorChange =
  | { readonly type: 'health.set'; readonly health: HealthState }
  | { readonly type: 'snapshot.taken'; readonly snapshot: Snapshot }
  | { readonly type: 'notification.sent'; readonly notification: Notification }
  | { readonly type: 'notification.confirmed'; readonly id: Id }
  | { readonly type: 'round.paced'; readonly waitMs: number }
  | { readonly type: 'step.finished'; readonly iteration: number };

/** Every run starts from here. */
export const initialState: OperatorState = {
  health: 'healthy',
  snapshots: [],
  notifications: [],
  iteration: 0,
  confirmed: [],
  askedWaitMs: undefined,
};

export function reduce(state: OperatorState, change: OperatorChange): OperatorState {
  switch (change.type) {
    case 'health.set':
      return { ...state, health: change.health };
    case 'snapshot.taken':
      return { ...state, snapshots: [...state.snapshots, change.snapshot] };
    case 'notification.sent':
      return { ...state, notifications: [...state.notifications, change.notification] };
    case 'notification.confirmed':
      return { ...state, confirmed: [...state.confirmed, change.id] };
    case 'round.paced':
      return { ...state, askedWaitMs: change.waitMs };
    case 'step.finished':
      return { ...state, iteration: change.iteration };
    default:
      return change satisfies never;
  }
}
