// The store of the recorder thread: what was found is in it before anyone is told that it was. In the data folder's
// database where there is one, else in memory that outlives this thread.
import { hostname } from 'node:os';
import { reasonOf } from '../errors.ts';
import { createDatabase, type Database } from './database.ts';
import type { HistoryQuery, StoreDesk, StoredHistory } from './store-desk.ts';
import { createFileShelf } from './store-file.ts';
import { createMemoryShelf } from './store-memory.ts';
import { type Shelf, toRow } from './store-row.ts';
import type { VaultMemory } from './vault.ts';

export const DEFAULT_HISTORY_LIMIT = 100;

export interface Store extends StoreDesk {
  /** Of the data folder, for others who keep something there; undefined without one. */
  readonly database: Database | undefined;
  readonly close: () => void;
}

export interface StoreOptions {
  readonly dataDir: string | undefined;
  readonly vault: VaultMemory;
  /** Start of this process, wall-clock ms. */
  readonly processStartedAtMs: number;
  /** What must be told to people: a file that was moved aside, a disk that is full. */
  readonly onWarning: (message: string) => void;
}

/** One is a lock of another process that took long. */
const WARN_AFTER = 3;

/** Opens nothing before something is kept or asked for. */
export function createStore({ dataDir, vault, processStartedAtMs, onWarning }: StoreOptions): Store {
  if (dataDir === undefined) return storeOn(createMemoryShelf(vault), undefined);
  const database = createDatabase({ directory: dataDir, onMovedAside: onWarning });
  const origin = { hostname: hostname(), pid: process.pid, processStartedAtMs };
  return storeOn(createFileShelf(database, { origin, now: Date.now }), database, onWarning);
}

export function storeOn(
  shelf: Shelf,
  database: Database | undefined,
  onWarning: StoreOptions['onWarning'] = () => undefined,
): Store {
  let failures = 0;
  return {
    database,
    async keep(finding) {
      try {
        shelf.put(toRow(finding));
        failures = 0;
      } catch (error) {
        if (++failures === WARN_AFTER) onWarning(`What is found is not kept for now: ${reasonOf(error)}`);
        throw error;
      }
    },
    history: async (query: HistoryQuery): Promise<StoredHistory> =>
      shelf.history({ limit: DEFAULT_HISTORY_LIMIT, ...query }),
    close: () => shelf.close(),
  };
}
