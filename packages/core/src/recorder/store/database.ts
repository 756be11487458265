// The one place that opens a database of a data folder: opened at first use, shared with other processes, made anew
// when it cannot be read. What was there is then moved aside and kept.
import { closeSync, constants, existsSync, fstatSync, mkdirSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { fail, reasonOf } from '../../errors.ts';
import { moveAside } from './database-aside.ts';
import { migrations } from './database-schema.ts';

export const databaseName = 'nodelens.db';

export interface DatabaseFile {
  readonly name: string;
  readonly migrations: readonly string[];
  /**
   * `OFF`: what a machine loses that goes down, up to the whole file, is not worth waiting for the disk: neither while
   * it records nor when the process ends (17 ms in the last close, where `OFF` takes 1).
   */
  readonly synchronous: 'NORMAL' | 'OFF';
}

const findingsFile: DatabaseFile = { name: databaseName, migrations, synchronous: 'NORMAL' };

export interface Database {
  /**
   * Runs `work`, which must be short: other processes wait for its transaction, and this thread for it.
   * @param what for the error: "a notification", "the black box".
   * @throws NodelensError `store_unavailable`; its cause is what SQLite said.
   */
  use<T>(what: string, work: (db: DatabaseSync) => T): T;
  /** Whether there is a file: one that nobody has used yet is made by the first use. */
  exists(): boolean;
  /** It opens again at the next use. */
  close(): void;
}

export interface DatabaseOptions {
  /** Made with mode 0700 when it is not there. */
  readonly directory: string;
  /** Default: `nodelens.db`. */
  readonly file?: DatabaseFile;
  /** The file could not be read; it was kept under another name. */
  readonly onMovedAside: (message: string) => void;
  /** Wall-clock ms. Default Date.now. */
  readonly now?: () => number;
}

/** Longest that this thread stands still for another process's transaction, in ms. */
const BUSY_MS = 100;
const MB = 1_048_576;
const PAGE_BYTES = 4_096;
/** All tables together: above every budget of theirs, so that it is a stop for faults only. */
const MAX_FILE_MB = 96;
const WAL_MB = 4;

/** Opens nothing yet. */
export function createDatabase(options: DatabaseOptions): Database {
  const { directory, file = findingsFile, onMovedAside, now = Date.now } = options;
  const path = join(directory, file.name);
  let open: DatabaseSync | undefined;
  /** Of the file that was opened last. */
  let inode: number | undefined;
  const close = (): void => {
    const closing = open;
    open = undefined;
    if (closing !== undefined) closeSoon(closing);
  };
  const opened = (): DatabaseSync => {
    // Deleted or moved under us: what is written there would be lost.
    if (open !== undefined && inodeOf(path) !== inode) close();
    if (open === undefined) {
      inode = ensureFile(directory, path);
      open = openFile(path, file);
    }
    return open;
  };
  /** Whether it is worth another try. */
  const recover = (error: unknown): boolean => {
    close();
    if (!isUnreadable(error)) return false;
    const aside = moveAside(path, inode, now());
    if (aside !== undefined)
      onMovedAside(
        `${path} cannot be used (${reasonOf(error)}). It was kept as ${aside}, and a new one was begun.`,
      );
    return true;
  };
  return {
    use(what, work) {
      try {
        try {
          return work(opened());
        } catch (error) {
          if (!recover(error)) throw error;
          return work(opened());
        }
      } catch (error) {
        throw fail('store_unavailable', { what, reason: reasonOf(error) }, { cause: error });
      }
    },
    exists: () => existsSync(path),
    close,
  };
}

/** The inode of the file, which is made when it is not there. */
function ensureFile(directory: string, path: string): number {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // SQLite gives its files beside it (-wal, -shm) the mode of this one.
  const file = openSync(path, constants.O_CREAT | constants.O_RDWR | constants.O_NOFOLLOW, 0o600);
  try {
    return fstatSync(file).ino;
  } finally {
    closeSync(file);
  }
}

function openFile(path: string, { migrations, synchronous }: DatabaseFile): DatabaseSync {
  const db = new (sqlite().DatabaseSync)(path, { timeout: BUSY_MS });
  try {
    db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${synchronous};
      PRAGMA journal_size_limit = ${WAL_MB * MB};
      PRAGMA max_page_count = ${(MAX_FILE_MB * MB) / PAGE_BYTES};
      PRAGMA cache_size = -512;
    `);
    migrate(db, migrations);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * The last close of all moves the log into the file, and main may wait for it to end: 1 to 5 ms, where waiting for the
 * disk as well takes 10 to 90 or, on a disk in trouble, any time. What was written outlives the process either way.
 */
function closeSoon(db: DatabaseSync): void {
  try {
    db.exec('PRAGMA synchronous = OFF');
  } finally {
    db.close();
  }
}

/** Loaded when it is needed, by this thread alone: 4 ms. */
export const sqlite = (): typeof import('node:sqlite') => process.getBuiltinModule('node:sqlite');

/** Several processes may come to it at once: who has the lock looks again. */
function migrate(db: DatabaseSync, migrations: DatabaseFile['migrations']): void {
  if (versionOf(db) === migrations.length) return;
  inTransaction(db, () => {
    const version = versionOf(db);
    if (version > migrations.length) throw new NewerSchema(version, migrations.length);
    for (const step of migrations.slice(version)) db.exec(step);
    db.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

export function versionOf(db: DatabaseSync): number {
  return (db.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}

/** All of `work` or nothing of it; takes the lock for writing at once, so that it cannot fail half-way for want of it. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

class NewerSchema extends Error {
  constructor(version: number, known: number) {
    super(`it was written by a newer Nodelens, in schema ${version}; this one knows ${known}`);
  }
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** Not for a passing reason (busy, disk full): as it is, nobody can work with it. */
function isUnreadable(error: unknown): boolean {
  if (error instanceof NewerSchema) return true;
  const primary = ((error as { errcode?: number }).errcode ?? 0) & 0xff;
  return primary === SQLITE_CORRUPT || primary === SQLITE_NOTADB;
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}
