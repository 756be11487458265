// Checks a notification against the run: what a model claims as evidence must exist.
import * as v from 'valibot';
import type { Id } from '../ids.ts';
import type { Subject } from '../skill.ts';
import type { Notification, Snapshot } from './notification.ts';

/** The text of a fact or a guess. */
export const textSchema: v.GenericSchema<string, string> = v.pipe(
  v.string(),
  v.trim(),
  v.nonEmpty('must not be empty.'),
);

export const severitySchema: v.PicklistSchema<['info', 'warning', 'critical'], undefined> = v.picklist([
  'info',
  'warning',
  'critical',
]);

const named = {
  kind: v.picklist(['function', 'collection', 'endpoint', 'peer', 'resource', 'logger', 'worker', 'process']),
  name: textSchema,
  file: v.optional(v.string()),
};

export const subjectSchema: v.GenericSchema<unknown, Subject> = v.pipe(
  v.object({
    ...named,
    line: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
    value: v.optional(v.number()),
    unit: v.optional(v.string()),
  }),
  v.transform((subject) => subject as Subject),
);

/** A subject that a notification tells in full: naming it is enough. */
export const namedSubjectSchema: v.GenericSchema<unknown, Subject> = v.pipe(
  v.object(named),
  v.transform((subject) => subject as Subject),
);

export type EvidenceCheck =
  | { readonly ok: true; readonly snapshots: readonly Snapshot[] }
  | { readonly ok: false; readonly reason: string };

/** The snapshots that a notification refers to; all must exist, and there must be one at least. */
export function findEvidence(ids: readonly Id[], taken: readonly Snapshot[]): EvidenceCheck {
  const known = taken.map((snapshot) => snapshot.id).join(', ') || 'none yet; call take_snapshot first';
  if (ids.length === 0)
    return {
      ok: false,
      reason: `A notification needs at least one snapshot id as evidence. Taken: ${known}.`,
    };
  const missing = ids.filter((id) => !taken.some((snapshot) => snapshot.id === id));
  if (missing.length > 0)
    return { ok: false, reason: `These snapshots do not exist: ${missing.join(', ')}. Taken: ${known}.` };
  return { ok: true, snapshots: taken.filter((snapshot) => ids.includes(snapshot.id)) };
}

/** A notification as the operator's and the coordinator's model see it: ids in place of whole snapshots. */
export function notificationView(
  notification: Notification,
): Omit<Notification, 'snapshots' | 'process' | 'investigationId'> & { readonly snapshotIds: readonly Id[] } {
  const { snapshots, process: _, investigationId: __, ...facts } = notification;
  return { ...facts, snapshotIds: snapshots.map((snapshot) => snapshot.id) };
}
