// What is found is kept before it counts as said: the surface of the store for other threads (service `store`).
import type { Insight } from '../coordinator/insight.ts';
import type { Notification } from '../operator/notification.ts';
import type { PreviousLife } from './previous-life.ts';

/** Something that must not be lost. */
export type Finding =
  | { readonly kind: 'notification'; readonly notification: Notification }
  | { readonly kind: 'insight'; readonly insight: Insight };

export interface HistoryQuery {
  /** Rows of each kind. Default 100, at most 1,000. */
  readonly limit?: number;
  /** Only of this investigation. */
  readonly investigationId?: string;
}

/** Newest first. */
export interface StoredHistory {
  readonly notifications: readonly Notification[];
  readonly insights: readonly Insight[];
  readonly previousLives: readonly PreviousLife[];
}

/** Functions without a `this`. */
export interface StoreDesk {
  /**
   * Resolves when it is written: from then on it survives the end of any of our threads, and with a `dataDir` the end
   * of the process. The same finding a second time changes nothing.
   * @throws NodelensError `store_unavailable`
   */
  readonly keep: (finding: Finding) => Promise<void>;
  /** @throws NodelensError `store_unavailable` */
  readonly history: (query: HistoryQuery) => Promise<StoredHistory>;
}
