// What one investigation holds, and the only place where it changes.
import type { Id } from '../ids.ts';
import type { Notification } from '../operator/notification.ts';
import type { OperatorRunResult } from '../operator/spec.ts';
import type { Insight } from './insight.ts';

export type NotificationStatus = 'unread' | 'acknowledged' | 'resolved';

export interface Entry {
  readonly notification: Notification;
  readonly status: NotificationStatus;
}

export interface RunningOperator {
  readonly name: string;
  readonly skill: string;
  /** ISO-8601 UTC. */
  readonly startedAt: string;
}

export interface InvestigationState {
  /** In order of arrival. */
  readonly entries: readonly Entry[];
  readonly insights: readonly Insight[];
  readonly running: readonly RunningOperator[];
  /** In order of completion; the same operator may have run more than once. */
  readonly finished: readonly OperatorRunResult[];
  readonly iteration: number;
  /** What happened since the model was last told, as sentences. */
  readonly news: readonly string[];
}

export type InvestigationChange =
  | { readonly type: 'operator.started'; readonly operator: RunningOperator }
  | { readonly type: 'operator.ended'; readonly result: OperatorRunResult }
  | { readonly type: 'notification.received'; readonly notification: Notification }
  | { readonly type: 'statuses.updated'; readonly ids: readonly Id[]; readonly status: NotificationStatus }
  | { readonly type: 'insight.produced'; readonly insight: Insight }
  | { readonly type: 'news.told' }
  | { readonly type: 'step.finished'; readonly iteration: number };

export const initialState: InvestigationState = {
  entries: [],
  insights: [],
  running: [],
  finished: [],
  iteration: 0,
  news: [],
};

export function reduce(state: InvestigationState, change: InvestigationChange): InvestigationState {
  switch (change.type) {
    case 'operator.started':
      return { ...state, running: [...state.running, change.operator] };
    case 'operator.ended':
      return ended(state, change.result);
    case 'notification.received':
      return received(state, change.notification);
    case 'statuses.updated':
      return withStatus(state, change.ids, change.status);
    case 'insight.produced': {
      const insights = [...state.insights, change.insight];
      return withStatus({ ...state, insights }, change.insight.notificationIds, 'resolved');
    }
    case 'news.told':
      return { ...state, news: [] };
    case 'step.finished':
      return { ...state, iteration: change.iteration };
    default:
      return change satisfies never;
  }
}

/** Delivered twice, a notification keeps the status that it has. */
function received(state: InvestigationState, notification: Notification): InvestigationState {
  if (state.entries.some((entry) => entry.notification.id === notification.id)) return state;
  const { operator, type, severity, id } = notification;
  return {
    ...state,
    entries: [...state.entries, { notification, status: 'unread' }],
    news: [...state.news, `New notification ${id} of ${operator}: ${type} (${severity}).`],
  };
}

function ended(state: InvestigationState, result: OperatorRunResult): InvestigationState {
  const { entries, news } = result.notifications.reduce(received, state);
  return {
    ...state,
    entries,
    running: state.running.filter((operator) => operator.name !== result.operator),
    finished: [...state.finished, result],
    news: [...news, endNews(result)],
  };
}

/** A failed operator must not look like one that found nothing. */
function endNews({ operator, status, error, state, notifications }: OperatorRunResult): string {
  const found = `health ${state}, ${notifications.length} notifications`;
  if (status === 'completed') return `Operator ${operator} has completed: ${found}.`;
  return `Operator ${operator} did NOT complete (${status}: ${error?.message ?? 'no reason given'}); its picture is incomplete: ${found}.`;
}

const withStatus = (
  state: InvestigationState,
  ids: readonly Id[],
  status: NotificationStatus,
): InvestigationState => ({
  ...state,
  entries: state.entries.map((entry) => (ids.includes(entry.notification.id) ? { ...entry, status } : entry)),
});
