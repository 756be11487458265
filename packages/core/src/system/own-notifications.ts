// Which notifications of a store this running system has told itself: a folder may be shared, a container gives each life
// of its process the same name and number, and a process may start Nodelens more than once.
import { hostname } from 'node:os';
import type { Notification } from '../operator/notification.ts';

/** @param startedAtMs of the system, wall-clock ms. */
export const ownNotifications = (
  found: readonly Notification[],
  startedAtMs: number,
): readonly Notification[] =>
  found.filter(
    ({ process: own, detectedAt }) =>
      own.pid === process.pid && own.hostname === hostname() && Date.parse(detectedAt) >= startedAtMs,
  );
