// `black-box.db` of a data folder: the lives that still run or ended without a word. Small and bounded; what was
// written survives the end of the process, not that of the machine, so that nobody ever waits for the disk.
import type { DatabaseSync } from 'node:sqlite';
import type { Stall, VitalsSample } from '../context.ts';
import { createDatabase, type DatabaseFile, type DatabaseOptions, inTransaction } from '../store/database.ts';
import { keyOf } from './identity.ts';
import type { LastWords, Life, LifeRecord } from './record.ts';

export const blackBoxName = 'black-box.db';

/** What is kept of a life, in ms and in rows. */
const WINDOW_MS = 300_000;
const MAX_VITALS = 300;
const MAX_STALLS = 20;
/** Lives that nobody asks for any more: services or hosts that have never come back. */
const FORGET_MS = 7 * 24 * 3_600_000;
const MAX_LIVES = 200;

const schema = `
  CREATE TABLE lives (
    key TEXT PRIMARY KEY,
    service TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    -- Set by an orderly end.
    ended_at INTEGER,
    -- A Life and its LastWords as JSON.
    life TEXT NOT NULL,
    words TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE vitals (
    key TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (key, at)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE stalls (
    key TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (key, id)
  ) STRICT, WITHOUT ROWID;
`;

const file: DatabaseFile = { name: blackBoxName, migrations: [schema], synchronous: 'OFF' };

/** What is new since the last writing. */
export interface News {
  readonly atMs: number;
  readonly words: LastWords;
  readonly vitals?: VitalsSample;
  readonly stalls?: readonly Stall[];
}

export type OpenLife = Pick<LifeRecord, 'key' | 'life' | 'seenAtMs'>;

/** All methods but `close` throw NodelensError `store_unavailable`. */
export interface BlackBoxFile {
  /** Begins a life, or goes on with it: also one that was taken for ended, or whose file was taken away. */
  write(life: Life, news: News): void;
  /** It ended in order: nobody will ask. Waits for other processes for a few ms at most. */
  end(life: Life, atMs: number): void;
  /** Lives of a service that have not ended in order, the running ones too. */
  open(service: string): readonly OpenLife[];
  /** All that is there of it; undefined when another process has told of it. */
  read(key: string): LifeRecord | undefined;
  forget(key: string): void;
  /** Drops what nobody will ask for any more. */
  tidy(nowMs: number): void;
  close(): void;
}

export function openBlackBoxFile(options: Omit<DatabaseOptions, 'file'>): BlackBoxFile {
  const database = createDatabase({ ...options, file });
  const use = <T>(work: (db: DatabaseSync) => T): T => database.use('the black box', work);
  const change = (work: (db: DatabaseSync) => void): void => use((db) => inTransaction(db, () => work(db)));
  return {
    write: (life, news) => change((db) => write(db, life, news)),
    end: (life, atMs) => use((db) => end(db, keyOf(life), atMs)),
    open: (service) => use((db) => readOpen(db, service)),
    read: (key) => use((db) => readRecord(db, key)),
    forget: (key) => change((db) => remove(db, [key])),
    tidy: (nowMs) => change((db) => tidy(db, nowMs)),
    close: () => database.close(),
  };
}

function write(db: DatabaseSync, life: Life, { atMs, words, vitals, stalls = [] }: News): void {
  const key = keyOf(life);
  // What a clock that was set back has left in the future would be the newest for ever.
  for (const table of ['vitals', 'stalls'])
    db.prepare(`DELETE FROM ${table} WHERE key = ? AND at > ?`).run(key, atMs);
  db.prepare(
    `INSERT INTO lives (key, service, seen_at, life, words) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET ended_at = NULL, seen_at = excluded.seen_at, words = excluded.words`,
  ).run(key, life.service, atMs, JSON.stringify(life), JSON.stringify(words));
  if (vitals !== undefined) {
    db.prepare('INSERT OR REPLACE INTO vitals VALUES (?, ?, ?)').run(key, atMs, JSON.stringify(vitals));
    db.prepare('DELETE FROM vitals WHERE key = ? AND at < ?').run(key, atMs - WINDOW_MS);
  }
  const insert = db.prepare('INSERT OR REPLACE INTO stalls VALUES (?, ?, ?, ?)');
  for (const stall of stalls) insert.run(key, stall.id, stall.startedAtMs, JSON.stringify(stall));
  if (stalls.length > 0)
    db.prepare(
      'DELETE FROM stalls WHERE key = ? AND id NOT IN (SELECT id FROM stalls WHERE key = ? ORDER BY at DESC LIMIT ?)',
    ).run(key, key, MAX_STALLS);
}

/** Main waits for it when it ends: what cannot be had at once is not waited for. */
function end(db: DatabaseSync, key: string, atMs: number): void {
  db.exec('PRAGMA busy_timeout = 10');
  db.prepare('UPDATE lives SET ended_at = ? WHERE key = ?').run(atMs, key);
}

function readOpen(db: DatabaseSync, service: string): readonly OpenLife[] {
  return db
    .prepare('SELECT key, seen_at, life FROM lives WHERE service = ? AND ended_at IS NULL')
    .all(service)
    .map(openLife);
}

const openLife = ({ key, seen_at, life }: Record<string, unknown>): OpenLife => ({
  key: String(key),
  life: JSON.parse(String(life)) as Life,
  seenAtMs: Number(seen_at),
});

function readRecord(db: DatabaseSync, key: string): LifeRecord | undefined {
  const row = db.prepare('SELECT key, seen_at, life, words FROM lives WHERE key = ?').get(key);
  if (row === undefined) return undefined;
  const bodies = (table: string, limit: number) =>
    db.prepare(`SELECT body FROM ${table} WHERE key = ? ORDER BY at DESC LIMIT ?`).all(key, limit);
  return {
    ...openLife(row),
    words: JSON.parse(String(row.words)) as LastWords,
    vitals: bodies('vitals', MAX_VITALS).map(bodyOf<VitalsSample>),
    stalls: bodies('stalls', MAX_STALLS).map(bodyOf<Stall>),
  };
}

function tidy(db: DatabaseSync, nowMs: number): void {
  const forgotten = db
    .prepare(
      `SELECT key FROM lives WHERE ended_at IS NOT NULL OR seen_at < ?
       UNION SELECT key FROM (SELECT key FROM lives ORDER BY seen_at DESC LIMIT -1 OFFSET ?)`,
    )
    .all(nowMs - FORGET_MS, MAX_LIVES);
  remove(
    db,
    forgotten.map(({ key }) => String(key)),
  );
}

function remove(db: DatabaseSync, keys: readonly string[]): void {
  const statements = ['lives', 'vitals', 'stalls'].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE key = ?`),
  );
  for (const key of keys) for (const statement of statements) statement.run(key);
}

const bodyOf = <T>({ body }: Record<string, unknown>): T => JSON.parse(String(body)) as T;
