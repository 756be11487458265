// What an operator holds during a run, and the only place where it changes.
import type { HealthState, Notification, Snapshot } from './notification.ts';

export interface OperatorState {
  readonly health: HealthState;
  /** Oldest first. */
  readonly snapshots: readonly Snapshot[];
  /** Oldest first. */
  readonly notifications: readonly Notification[];
  readonly iteration: number;
}

export type OperatorChange =
  | { readonly type: 'health.set'; readonly health: HealthState }
  | { readonly type: 'snapshot.taken'; readonly snapshot: Snapshot }
  | { readonly type: 'notification.sent'; readonly notification: Notification }
  | { readonly type: 'step.finished'; readonly iteration: number };

/** Every run starts from here. */
export const initialState: OperatorState = {
  health: 'healthy',
  snapshots: [],
  notifications: [],
  iteration: 0,
};

export function reduce(state: OperatorState, change: OperatorChange): OperatorState {
  switch (change.type) {
    case 'health.set':
      return { ...state, health: change.health };
    case 'snapshot.taken':
      return { ...state, snapshots: [...state.snapshots, change.snapshot] };
    case 'notification.sent':
      return { ...state, notifications: [...state.notifications, change.notification] };
    case 'step.finished':
      return { ...state, iteration: change.iteration };
    default:
      return change satisfies never;
  }
}
