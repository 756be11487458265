// Spending in the database of the data folder: it outlives the process, and the processes of one service that share
// the folder share their budgets.
import type { DatabaseSync } from 'node:sqlite';
import { type Database, inTransaction } from '../recorder/store/database.ts';
import { type Spend, spendFields, spendOf } from './spend.ts';
import { KEPT_MS, type Span, type SpendRow, type SpendShelf, type SumQuery } from './spend-shelf.ts';

export interface SpendFileOptions {
  readonly database: Database;
  /** The service's script: several may share a folder. */
  readonly service: string;
  /** Wall-clock ms. */
  readonly now: () => number;
}

const TIDY_EVERY = 256;
const column = (field: keyof Spend): string =>
  field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const columns = spendFields.map(column);

export function createFileSpendShelf({ database, service, now }: SpendFileOptions): SpendShelf {
  let adds = 0;
  return {
    add(rows) {
      const isTimeToTidy = adds++ % TIDY_EVERY === 0;
      database.use('what was spent', (db) =>
        inTransaction(db, () => {
          for (const row of rows) add(db, service, row);
          if (isTimeToTidy) tidy(db, now());
        }),
      );
    },
    read: (span, sinceMs) =>
      database.use('what was spent', (db) => readSpending(db, { span, sinceMs, service })),
    sum: (query) => database.use('what was spent', (db) => sumOf(db, service, query)),
  };
}

function add(db: DatabaseSync, service: string, { span, startMs, caller, model, spend }: SpendRow): void {
  db.prepare(
    `INSERT INTO spending (service, span, start_ms, caller, model, ${columns.join(', ')})
     VALUES (?, ?, ?, ?, ?, ${columns.map(() => '?').join(', ')})
     ON CONFLICT DO UPDATE SET ${columns.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`,
  ).run(service, span, startMs, caller, model, ...spendFields.map((field) => spend[field]));
}

function sumOf(db: DatabaseSync, service: string, { span, sinceMs, caller }: SumQuery): Spend {
  const row = db
    .prepare(
      `SELECT ${columns.map((name) => `total(${name}) AS ${name}`).join(', ')} FROM spending
       WHERE span = ? AND start_ms >= ? AND service = ? AND (? IS NULL OR caller = ?)`,
    )
    .get(span, sinceMs, service, caller ?? null, caller ?? null);
  return spendOf((field) => Number(row?.[column(field)] ?? 0));
}

function tidy(db: DatabaseSync, nowMs: number): void {
  for (const [span, keptMs] of Object.entries(KEPT_MS))
    db.prepare('DELETE FROM spending WHERE span = ? AND start_ms < ?').run(span, nowMs - keptMs);
}

export interface SpendQuery {
  readonly span: Span;
  /** Wall-clock ms. */
  readonly sinceMs: number;
  /** Default: all that share the folder. */
  readonly service?: string;
}

export function readSpending(db: DatabaseSync, { span, sinceMs, service }: SpendQuery): readonly SpendRow[] {
  const rows = db
    .prepare(
      `SELECT * FROM spending WHERE span = ? AND start_ms >= ? AND (? IS NULL OR service = ?) ORDER BY start_ms`,
    )
    .all(span, sinceMs, service ?? null, service ?? null);
  return rows.map((row) => ({
    span,
    startMs: Number(row.start_ms),
    caller: String(row.caller),
    model: String(row.model),
    spend: spendOf((field) => Number(row[column(field)])),
  }));
}
