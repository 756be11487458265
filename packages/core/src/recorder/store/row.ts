// A finding as it is kept: its key, and its text within a size.

import type { Insight } from '../../coordinator/insight.ts';
import { fail } from '../../errors.ts';
import type { Id } from '../../ids.ts';
import type { Notification } from '../../operator/notification.ts';
import type { Finding, Marking, StoredHistory, StoredNotification, StoredStatus } from './desk.ts';
import type { IncidentRecords } from './stored-incident.ts';

/** What keeps rows; synchronous, and behind it nothing waits. */
export interface Shelf {
  /** When it returns, it is written; a row whose id is there already changes nothing. @throws `store_unavailable` */
  put(row: Row): void;
  /** Of notifications that are not there it knows nothing. @throws `store_unavailable` */
  mark(marking: Marking): void;
  readonly incidents: IncidentRecords;
  /** Newest first. @throws `store_unavailable` */
  history(query: ShelfQuery): StoredHistory;
  close(): void;
}

export interface ShelfQuery {
  readonly limit: number;
  readonly investigationId?: Id;
}

export interface Row {
  readonly id: Id;
  readonly kind: 'notification' | 'insight';
  readonly investigationId: Id;
  /** JSON of the notification or the insight. */
  readonly body: string;
}

/** Longest body, in bytes. Beyond it the data of a notification's snapshots is left out. */
export const MAX_ROW_BYTES: number = 512 * 1_024;
/** All bodies of one kind in an answer, in bytes: who asks for more gets the newest. */
export const MAX_ANSWER_BYTES: number = 4 * 1_048_576;

/** @throws NodelensError `store_unavailable` when it is too large. */
export function toRow(finding: Exclude<Finding, Marking>): Row {
  const { kind } = finding;
  const content = kind === 'notification' ? finding.notification : finding.insight;
  const { id, investigationId } = content;
  const whole = JSON.stringify(content);
  const body =
    kind === 'insight' || Buffer.byteLength(whole) <= MAX_ROW_BYTES
      ? whole
      : JSON.stringify({
          ...finding.notification,
          snapshots: finding.notification.snapshots.map(withoutData),
        });
  const bytes = Buffer.byteLength(body);
  if (bytes > MAX_ROW_BYTES)
    throw fail('store_unavailable', {
      what: `the ${kind}`,
      reason: `it has ${bytes} bytes, and ${MAX_ROW_BYTES} are taken`,
    });
  return { id, kind, investigationId, body };
}

const withoutData = (snapshot: object): object => ({
  ...snapshot,
  data: { leftOut: 'The snapshots of this notification were too large to be kept.' },
});

/** The bodies, newest first, as far as they fit into an answer. */
export const parseWithin = <T>(bodies: Iterable<string>): readonly T[] =>
  [...within(bodies, (body) => body)].map((body) => JSON.parse(body) as T);

export interface Mark {
  readonly status: StoredStatus;
  /** Wall-clock ms. */
  readonly atMs: number;
}

/** The same for notifications, with what became of them. */
export const notificationsWithin = (
  found: Iterable<readonly [body: string, mark: Mark | undefined]>,
): readonly StoredNotification[] =>
  [...within(found, ([body]) => body)].map(([body, mark]) => ({
    ...(JSON.parse(body) as Notification),
    status: mark?.status ?? 'unread',
    ...(mark && { statusAt: new Date(mark.atMs).toISOString() }),
  }));

function* within<T>(items: Iterable<T>, bodyOf: (item: T) => string): Generator<T> {
  let bytes = 0;
  for (const item of items) {
    bytes += Buffer.byteLength(bodyOf(item));
    if (bytes > MAX_ANSWER_BYTES) return;
    yield item;
  }
}

/** @param body of an insight. */
export function resolvedBy(body: string): Omit<Marking, 'kind'> {
  const { notificationIds, createdAt } = JSON.parse(body) as Insight;
  return { notificationIds, status: 'resolved', atMs: Date.parse(createdAt) };
}
