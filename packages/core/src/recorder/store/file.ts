// Findings in the database of the data folder, which several processes may share; the oldest go beyond a budget.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Insight } from '../../coordinator/insight.ts';
import type { PreviousLife } from '../black-box/previous-life.ts';
import { type Database, inTransaction, versionOf } from './database.ts';
import { INCIDENTS_VERSION } from './database-schema.ts';
import type { Marking, StoredHistory, StoredStatus } from './desk.ts';
import { createIncidentRecords, incidentBodies } from './incidents.ts';
import {
  type Mark,
  notificationsWithin,
  parseWithin,
  type Row,
  resolvedBy,
  type Shelf,
  type ShelfQuery,
} from './row.ts';
import type { StoredIncident } from './stored-incident.ts';

/** Who writes. */
export interface Origin {
  /** The main script: services may share a folder. */
  readonly service: string;
  readonly hostname: string;
  readonly pid: number;
  /** Wall-clock ms. */
  readonly processStartedAtMs: number;
}

export interface FileShelfOptions {
  readonly origin: Origin;
  /** Wall-clock ms. */
  readonly now: () => number;
  readonly budget?: Budget;
}

/** Of all processes that share the folder. */
export interface Budget {
  readonly maxRows: number;
  readonly maxBytes: number;
}

const BUDGET: Budget = { maxRows: 5_000, maxBytes: 32 * 1_048_576 };
/** A look at the budget reads an index: every so many findings is enough. */
const PRUNE_EVERY = 32;

export function createFileShelf(
  database: Database,
  { origin, now, budget = BUDGET }: FileShelfOptions,
): Shelf {
  let puts = 0;
  return {
    put(row) {
      const isTimeToPrune = puts++ % PRUNE_EVERY === 0;
      database.use(`the ${row.kind}`, (db) =>
        inTransaction(db, () => {
          const isNew = insert(db, row, { origin, keptAt: now() });
          if (isNew && row.kind === 'insight') mark(db, resolvedBy(row.body));
          if (isTimeToPrune) prune(db, budget);
        }),
      );
    },
    mark: (marking) => database.use('the statuses', (db) => mark(db, marking)),
    incidents: createIncidentRecords({ database, service: origin.service, now }),
    history: (query) => database.use('a look at its history', (db) => readHistory(db, query)),
    close: () => database.close(),
  };
}

function insert(
  db: DatabaseSync,
  { id, kind, investigationId, body }: Row,
  { origin, keptAt }: { readonly origin: Origin; readonly keptAt: number },
): boolean {
  const { hostname, pid, processStartedAtMs } = origin;
  const { changes } = db
    .prepare(
      `INSERT INTO findings (id, kind, investigation_id, hostname, pid, process_started_at, kept_at, bytes, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    )
    .run(
      id,
      kind,
      investigationId,
      hostname,
      pid,
      Math.round(processStartedAtMs),
      Math.round(keptAt),
      Buffer.byteLength(body),
      body,
    );
  return changes === 1;
}

function mark(db: DatabaseSync, { notificationIds, status, atMs }: Omit<Marking, 'kind'>): void {
  db.prepare(
    `UPDATE findings SET status = ?, status_at = ?
     WHERE kind = 'notification' AND id IN (SELECT value FROM json_each(?))`,
  ).run(status, Math.round(atMs), JSON.stringify(notificationIds));
}

/** The newest one that goes takes all before it along. */
function prune(db: DatabaseSync, { maxRows, maxBytes }: Budget): void {
  db.prepare(
    `DELETE FROM findings WHERE seq <= (
       SELECT max(seq) FROM (
         SELECT seq, sum(bytes) OVER newest AS size, row_number() OVER newest AS place
         FROM findings WINDOW newest AS (ORDER BY seq DESC)
       ) WHERE size > ? OR place > ?
     )`,
  ).run(maxBytes, maxRows);
}

/** Newest first; of whatever version the file is. */
export function readHistory(db: DatabaseSync, query: ShelfQuery): StoredHistory {
  const version = versionOf(db);
  return {
    incidents: parseWithin<StoredIncident>(incidentBodies(db, query, version)),
    notifications: notificationsWithin(notifications(db, query, version)),
    insights: parseWithin<Insight>(insights(db, query)),
    previousLives: query.investigationId === undefined ? parseWithin<PreviousLife>(lives(db, query)) : [],
  };
}

function* insights(db: DatabaseSync, query: ShelfQuery): Generator<string> {
  for (const { body } of rows(db, { kind: 'insight', columns: 'body' }, query)) yield String(body);
}

function* notifications(
  db: DatabaseSync,
  query: ShelfQuery,
  version: number,
): Generator<readonly [body: string, mark: Mark | undefined]> {
  const columns = version < INCIDENTS_VERSION ? 'body, NULL AS status' : 'body, status, status_at';
  for (const { body, status, status_at } of rows(db, { kind: 'notification', columns }, query))
    yield [
      String(body),
      status === null ? undefined : { status: status as StoredStatus, atMs: Number(status_at) },
    ];
}

function rows(
  db: DatabaseSync,
  { kind, columns }: { readonly kind: Row['kind']; readonly columns: string },
  { limit, investigationId }: ShelfQuery,
): ReturnType<StatementSync['iterate']> {
  const which = investigationId === undefined ? [kind] : [kind, investigationId];
  const where = investigationId === undefined ? 'kind = ?' : 'kind = ? AND investigation_id = ?';
  return db
    .prepare(`SELECT ${columns} FROM findings WHERE ${where} ORDER BY seq DESC LIMIT ?`)
    .iterate(...which, limit);
}

function* lives(db: DatabaseSync, { limit }: ShelfQuery): Generator<string> {
  const rows = db.prepare('SELECT body FROM previous_lives ORDER BY seq DESC LIMIT ?').iterate(limit);
  for (const row of rows) yield (row as { body: string }).body;
}
