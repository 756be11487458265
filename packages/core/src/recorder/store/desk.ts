// What is found is kept before it counts as said: the surface of the store for other threads (service `store`).
import type { Insight } from '../../coordinator/insight.ts';
import type { NotificationStatus } from '../../coordinator/state.ts';
import type { Id } from '../../ids.ts';
import type { Notification } from '../../operator/notification.ts';
import type { PreviousLife } from '../black-box/previous-life.ts';
import type { StoredIncident } from './stored-incident.ts';

/** Something that must not be lost. */
export type Finding =
  | { readonly kind: 'notification'; readonly notification: Notification }
  /** Its notifications become resolved. */
  | { readonly kind: 'insight'; readonly insight: Insight }
  | Marking;

/** What became of notifications. */
export interface Marking {
  readonly kind: 'statuses';
  readonly notificationIds: readonly Id[];
  readonly status: StoredStatus;
  /** Wall-clock ms. */
  readonly atMs: number;
}

/** `raised_again`: a later notification tells of the same thing anew. */
export type StoredStatus = NotificationStatus | 'raised_again';

export interface StoredNotification extends Notification {
  /** The last one. */
  readonly status: StoredStatus;
  /** Since when; ISO-8601 UTC. Absent as long as it is unread. */
  readonly statusAt?: string;
}

export interface HistoryQuery {
  /** Rows of each kind. Default 100, at most 1,000. */
  readonly limit?: number;
  /** Only of this investigation. */
  readonly investigationId?: string;
}

/** Newest first. */
export interface StoredHistory {
  /** By their start, as they were told last. */
  readonly incidents: readonly StoredIncident[];
  readonly notifications: readonly StoredNotification[];
  readonly insights: readonly Insight[];
  readonly previousLives: readonly PreviousLife[];
}

/** Functions without a `this`. */
export interface StoreDesk {
  /**
   * Resolves when it is written: from then on it survives the end of any of our threads, and with a `dataDir` the end
   * of the process. The same notification or insight a second time changes nothing.
   * @throws NodelensError `store_unavailable`
   */
  readonly keep: (finding: Finding) => Promise<void>;
  /** @throws NodelensError `store_unavailable` */
  readonly history: (query: HistoryQuery) => Promise<StoredHistory>;
}
