// The history of a data folder, read beside the processes that write to it, or when none of them runs any more.
import { accessSync, constants } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { fail, reasonOf } from '../../errors.ts';
import { databaseName, sqlite, versionOf } from './database.ts';
import { migrations } from './database-schema.ts';
import type { HistoryQuery, StoredHistory } from './desk.ts';
import { readHistory } from './file.ts';
import { DEFAULT_HISTORY_LIMIT } from './store.ts';

/** Another process may be about to write; it waits that long for nobody, in ms. */
const BUSY_MS = 2_000;

/**
 * Synchronous; changes nothing in the file.
 * @throws NodelensError `option_invalid` when there is nothing, `store_unavailable` when it cannot be read.
 */
export const readStoredHistory = (dataDir: string, query: HistoryQuery = {}): StoredHistory =>
  readDataFolder(dataDir, { what: 'a look at its history', sinceVersion: 1 }, (db) =>
    readHistory(db, { limit: DEFAULT_HISTORY_LIMIT, ...query }),
  );

export interface FolderLook {
  /** For the error. */
  readonly what: string;
  /** Schema version that brought what is read. */
  readonly sinceVersion: number;
}

/** Reads the database of a data folder. @throws as {@link readStoredHistory} */
export function readDataFolder<T>(
  dataDir: string,
  { what, sinceVersion }: FolderLook,
  read: (db: DatabaseSync) => T,
): T {
  const path = join(resolve(dataDir), databaseName);
  assertReadable(path);
  try {
    const db = new (sqlite().DatabaseSync)(path, { readOnly: true, timeout: BUSY_MS });
    try {
      assertKnown(versionOf(db), sinceVersion);
      return read(db);
    } finally {
      db.close();
    }
  } catch (error) {
    throw fail('store_unavailable', { what, reason: `${path}: ${reasonOf(error)}` }, { cause: error });
  }
}

function assertReadable(path: string): void {
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    const reason =
      (error as { code?: unknown }).code === 'ENOENT'
        ? `there is no ${databaseName} in "${dirname(path)}": nothing was found yet (what a process died of is told when its service starts again), or it is another folder.`
        : `it cannot be read: ${reasonOf(error)}`;
    throw fail('option_invalid', { option: 'dataDir', reason }, { cause: error });
  }
}

/** An empty one is being made at this moment. */
function assertKnown(version: number, sinceVersion: number): void {
  if (version < sinceVersion || version > migrations.length)
    throw new Error(
      `it is in schema ${version}, and this Nodelens reads ${sinceVersion} to ${migrations.length}`,
    );
}
