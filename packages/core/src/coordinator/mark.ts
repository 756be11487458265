// What became of notifications: known to the investigation at once, and kept so that the history tells it.
import type { Id } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import { unkeptBy } from '../operator/keep.ts';
import type { CoordinatorDesk } from './desk.ts';
import type { NotificationStatus } from './state.ts';

/** Never rejects. @returns what there is to say when the store did not take it; else empty. */
export async function markNotifications(
  desk: CoordinatorDesk,
  notificationIds: readonly Id[],
  status: NotificationStatus,
): Promise<JsonObject> {
  desk.apply({ type: 'statuses.updated', ids: notificationIds, status });
  const atMs = desk.clock.now();
  return unkeptBy(await desk.keeper.keep({ kind: 'statuses', notificationIds, status, atMs }));
}
