// What becomes of the findings of continuous operators, written before it is told: one is over, or told anew. And those
// that could not be written before they were told.
import type { Clock } from '../actor/clock.ts';
import type { Id } from '../ids.ts';
import { fingerprint } from '../operator/memory.ts';
import type { Notification } from '../operator/notification.ts';
import type { StoredStatus } from '../recorder/store/desk.ts';
import { createInsistent } from '../recorder/store/insistent.ts';
import type { Store } from '../recorder/store/store.ts';
import type { LensEvent } from '../telemetry/events.ts';
import { ownNotifications } from './own-notifications.ts';

export interface FindingMarks {
  /** To be called with what a continuous operator tells, before it is told. */
  readonly mark: (event: LensEvent) => void;
  readonly close: () => void;
}

/** Of all operators; of what was found longest ago it is not known that it was told before. */
const MAX_KNOWN = 1_000;

/** How many of this process a thread that came back looks at. */
const PAST = 200;

export interface FindingMarksOptions {
  readonly store: Pick<Store, 'read' | 'write'>;
  readonly clock: Clock;
  /** Of the system, wall-clock ms: what was told before it is another system's, unless it belongs to an open incident. */
  readonly startedAtMs: number;
  /** Of the open incidents. Asked for once. */
  readonly openNotifications: () => ReadonlySet<Id>;
}

export function createFindingMarks(options: FindingMarksOptions): FindingMarks {
  const { store, clock } = options;
  const insistent = createInsistent(clock);
  /** The latest notification of each finding, the one that was told last at the end. Read when there is a first one. */
  let known: Map<string, Id> | undefined;
  const write = (id: Id, status: StoredStatus): void => {
    const atMs = clock.now();
    insistent.write(id, () => store.write({ kind: 'statuses', notificationIds: [id], status, atMs }));
  };
  /** The thread that found it offers it again only as long as it lives, and its round is over in seconds. */
  const keep = (notification: Notification): void => {
    insistent.write(`kept ${notification.id}`, () => store.write({ kind: 'notification', notification }));
  };
  const found = (notification: Notification): void => {
    known ??= knownIn(notification, options);
    const latest = known;
    const key = keyOf(notification);
    const before = latest.get(key);
    latest.delete(key);
    latest.set(key, notification.id);
    const [oldest] = latest.keys();
    if (latest.size > MAX_KNOWN && oldest !== undefined) latest.delete(oldest);
    if (before !== undefined) write(before, 'raised_again');
  };
  return {
    mark(event) {
      if (event.type === 'operator.notification') {
        found(event.notification);
        if (event.stored === false) keep(event.notification);
      }
      if (event.type === 'finding.resolved') write(event.notificationId, 'resolved');
    },
    close: insistent.close,
  };
}

/** What earlier lives of this thread have told, or of the process where it goes on, without the one that is about to be told. */
function knownIn(
  { id }: Notification,
  { store, startedAtMs, openNotifications }: FindingMarksOptions,
): Map<string, Id> {
  try {
    const { notifications } = store.read({ limit: PAST });
    const own = new Set(ownNotifications(notifications, startedAtMs));
    const open = openNotifications();
    return new Map(
      notifications
        .filter((found) => found.id !== id && (own.has(found) || open.has(found.id)))
        .toReversed()
        .map((found) => [keyOf(found), found.id]),
    );
  } catch {
    // The store is away: what is told from now on is known all the same.
    return new Map();
  }
}

const keyOf = ({ operator, type, subjects }: Notification): string =>
  `${operator}|${fingerprint(type, subjects)}`;
