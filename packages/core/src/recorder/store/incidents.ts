// Incidents in the database of the data folder: as they were told last, and who has the open ones. Who has some says so
// every few seconds, so that a later life of the service can tell what was left behind.
import type { DatabaseSync } from 'node:sqlite';
import { isGone, isOfThisHost, keyOf, ownIdentity } from '../black-box/identity.ts';
import type { LifeIdentity } from '../black-box/record.ts';
import type { Database } from './database.ts';
import { INCIDENTS_VERSION } from './database-schema.ts';
import type { ShelfQuery } from './row.ts';
import type { IncidentRecords, IncidentRow, StoredIncident } from './stored-incident.ts';

/** How often {@link IncidentRecords.renew} is to be called while one is open, in ms. */
export const RENEW_MS = 5_000;
/** Of another host nothing can be looked up, and its clock may be another. */
const ABANDONED_MS = 600_000;
/** The oldest go beyond it. */
const MAX_INCIDENTS = 500;

export interface IncidentRecordsOptions {
  readonly database: Database;
  /** The main script: services may share a folder. */
  readonly service: string;
  /** Wall-clock ms. */
  readonly now: () => number;
}

export function createIncidentRecords({ database, service, now }: IncidentRecordsOptions): IncidentRecords {
  const own = ownIdentity();
  const owner = JSON.stringify(own);
  /** From then on what is this process's is known to who asks: a row of it may be behind, its end not yet written. */
  let hasLooked = false;
  return {
    put(row) {
      database.use('the incident', (db) => put(db, row, { service, owner, nowMs: Math.round(now()) }));
    },
    takeUp() {
      const nothing = { rows: [], hasOthers: false };
      // A folder in which nothing was ever found stays empty.
      const taken = database.exists()
        ? database.use('a look at its incidents', (db) =>
            takeUp(db, { service, own, nowMs: now(), knowsOwn: hasLooked }),
          )
        : nothing;
      hasLooked = true;
      return taken;
    },
    renew() {
      database.use('the incident', (db) =>
        db
          .prepare('UPDATE incidents SET seen_at = ? WHERE service = ? AND owner = ? AND resume IS NOT NULL')
          .run(Math.round(now()), service, owner),
      );
    },
    leave() {
      database.use('the incident', (db) =>
        db
          .prepare('UPDATE incidents SET owner = NULL WHERE service = ? AND owner = ? AND resume IS NOT NULL')
          .run(service, owner),
      );
    },
  };
}

function put(
  db: DatabaseSync,
  { incident, resume = null }: { readonly incident: StoredIncident; readonly resume?: string | null },
  { service, owner, nowMs }: { readonly service: string; readonly owner: string; readonly nowMs: number },
): void {
  db.prepare(
    `INSERT INTO incidents (id, service, owner, seen_at, body, resume) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, seen_at = excluded.seen_at,
       body = excluded.body, resume = excluded.resume`,
  ).run(incident.id, service, owner, nowMs, JSON.stringify(incident), resume);
  if (resume === null)
    db.prepare('DELETE FROM incidents WHERE seq <= (SELECT max(seq) FROM incidents) - ?').run(MAX_INCIDENTS);
}

interface OpenRow {
  readonly id: string;
  readonly owner: string | null;
  readonly seen_at: number;
  readonly body: string;
  readonly resume: string;
}

interface Look {
  readonly service: string;
  readonly own: LifeIdentity;
  readonly nowMs: number;
  readonly knowsOwn: boolean;
}

function takeUp(
  db: DatabaseSync,
  { service, own, nowMs, knowsOwn }: Look,
): ReturnType<IncidentRecords['takeUp']> {
  const all = db
    .prepare(
      `SELECT id, owner, seen_at, body, resume FROM incidents
       WHERE service = ? AND resume IS NOT NULL ORDER BY seq`,
    )
    .all(service) as unknown as readonly OpenRow[];
  const open = knowsOwn ? all.filter(({ owner }) => owner === null || !isOwn(owner, own)) : all;
  // Several processes may look at once: who is first has it.
  const take = db.prepare('UPDATE incidents SET owner = ?, seen_at = ? WHERE id = ? AND owner IS ?');
  const rows = open
    .filter((row) => isLeft(row, own, nowMs))
    .filter(({ id, owner }) => take.run(JSON.stringify(own), Math.round(nowMs), id, owner).changes === 1);
  return {
    rows: rows.map(
      ({ body, resume }): IncidentRow => ({ incident: JSON.parse(body) as StoredIncident, resume }),
    ),
    hasOthers: rows.length < open.length,
  };
}

const isOwn = (owner: string, own: LifeIdentity): boolean =>
  keyOf(JSON.parse(owner) as LifeIdentity) === keyOf(own);

/** What this process has itself was left by an earlier start of ours in it, or is known to who asks. */
function isLeft({ owner, seen_at }: OpenRow, own: LifeIdentity, nowMs: number): boolean {
  if (owner === null || isOwn(owner, own)) return true;
  const other = JSON.parse(owner) as LifeIdentity;
  const silentMs = nowMs - seen_at;
  return isOfThisHost(other, own) ? isGone(other, silentMs, own) : silentMs >= ABANDONED_MS;
}

/** Newest first; an older Nodelens may have written the file. */
export function* incidentBodies(
  db: DatabaseSync,
  { limit, investigationId }: ShelfQuery,
  version: number,
): Generator<string> {
  if (version < INCIDENTS_VERSION) return;
  const which = investigationId === undefined ? [] : [investigationId];
  const where =
    investigationId === undefined
      ? ''
      : "WHERE EXISTS (SELECT 1 FROM json_each(body, '$.investigationIds') WHERE value = ?)";
  const rows = db
    .prepare(`SELECT body FROM incidents ${where} ORDER BY seq DESC LIMIT ?`)
    .iterate(...which, limit);
  for (const row of rows) yield (row as { body: string }).body;
}
