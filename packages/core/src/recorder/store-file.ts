// Findings in the database of the data folder, which several processes may share; the oldest go beyond a budget.
import type { DatabaseSync } from 'node:sqlite';
import type { Insight } from '../coordinator/insight.ts';
import type { Notification } from '../operator/notification.ts';
import { type Database, inTransaction } from './database.ts';
import type { PreviousLife } from './previous-life.ts';
import type { StoredHistory } from './store-desk.ts';
import { parseWithin, type Row, type Shelf, type ShelfQuery } from './store-row.ts';

/** Who writes. */
export interface Origin {
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
          insert(db, row, { origin, keptAt: now() });
          if (isTimeToPrune) prune(db, budget);
        }),
      );
    },
    history: (query) => database.use('a look at its history', (db) => readHistory(db, query)),
    close: () => database.close(),
  };
}

function insert(
  db: DatabaseSync,
  { id, kind, investigationId, body }: Row,
  { origin, keptAt }: { readonly origin: Origin; readonly keptAt: number },
): void {
  const { hostname, pid, processStartedAtMs } = origin;
  db.prepare(
    `INSERT INTO findings (id, kind, investigation_id, hostname, pid, process_started_at, kept_at, bytes, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  ).run(
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

/** Newest first. */
export function readHistory(db: DatabaseSync, query: ShelfQuery): StoredHistory {
  return {
    notifications: parseWithin<Notification>(bodies(db, 'notification', query)),
    insights: parseWithin<Insight>(bodies(db, 'insight', query)),
    previousLives: query.investigationId === undefined ? parseWithin<PreviousLife>(lives(db, query)) : [],
  };
}

function* bodies(
  db: DatabaseSync,
  kind: Row['kind'],
  { limit, investigationId }: ShelfQuery,
): Generator<string> {
  const which = investigationId === undefined ? [kind] : [kind, investigationId];
  const where = investigationId === undefined ? 'kind = ?' : 'kind = ? AND investigation_id = ?';
  const rows = db
    .prepare(`SELECT body FROM findings WHERE ${where} ORDER BY seq DESC LIMIT ?`)
    .iterate(...which, limit);
  for (const row of rows) yield (row as { body: string }).body;
}

function* lives(db: DatabaseSync, { limit }: ShelfQuery): Generator<string> {
  const rows = db.prepare('SELECT body FROM previous_lives ORDER BY seq DESC LIMIT ?').iterate(limit);
  for (const row of rows) yield (row as { body: string }).body;
}
