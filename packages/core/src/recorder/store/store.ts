// The store of the recorder thread: what was found is in it before anyone is told that it was. In the data folder's
// database where there is one, else in memory that outlives this thread.
import { hostname } from 'node:os';
import { reasonOf } from '../../errors.ts';
import { createDatabase, type Database } from './database.ts';
import type { Finding, HistoryQuery, StoreDesk, StoredHistory } from './desk.ts';
import { createFileShelf } from './file.ts';
import { createMemoryShelf } from './memory.ts';
import { type Shelf, toRow } from './row.ts';
import type { IncidentRecords } from './stored-incident.ts';
import type { Vaults } from './vaults.ts';

export const DEFAULT_HISTORY_LIMIT = 100;

export interface Store extends StoreDesk {
  /** Of the data folder, for others who keep something there; undefined without one. */
  readonly database: Database | undefined;
  /** {@link StoreDesk.keep} for those on this thread: when it returns, it is written. @throws `store_unavailable` */
  readonly write: (finding: Finding) => void;
  /** {@link StoreDesk.history} for those on this thread. @throws `store_unavailable` */
  readonly read: (query: HistoryQuery) => StoredHistory;
  readonly incidents: IncidentRecords;
  readonly close: () => void;
}

export interface StoreOptions {
  readonly dataDir: string | undefined;
  readonly vaults: Pick<Vaults, 'findings' | 'marks'>;
  /** The main script: services may share a folder. */
  readonly service: string;
  /** Start of this process, wall-clock ms. */
  readonly processStartedAtMs: number;
  /** What must be told to people: a file that was moved aside, a disk that is full. */
  readonly onWarning: (message: string) => void;
}

/** One is a lock of another process that took long. */
const WARN_AFTER = 3;

/** Opens nothing before something is kept or asked for. */
export function createStore(options: StoreOptions): Store {
  const { dataDir, vaults, service, processStartedAtMs, onWarning } = options;
  if (dataDir === undefined) return storeOn(createMemoryShelf(vaults), undefined);
  const database = createDatabase({ directory: dataDir, onMovedAside: onWarning });
  const origin = { service, hostname: hostname(), pid: process.pid, processStartedAtMs };
  return storeOn(createFileShelf(database, { origin, now: Date.now }), database, onWarning);
}

export function storeOn(
  shelf: Shelf,
  database: Database | undefined,
  onWarning: StoreOptions['onWarning'] = () => undefined,
): Store {
  let failures = 0;
  const counted = (work: () => void): void => {
    try {
      work();
      failures = 0;
    } catch (error) {
      if (++failures === WARN_AFTER) onWarning(`What is found is not kept for now: ${reasonOf(error)}`);
      throw error;
    }
  };
  const write = (finding: Finding): void =>
    counted(() => (finding.kind === 'statuses' ? shelf.mark(finding) : shelf.put(toRow(finding))));
  const read = (query: HistoryQuery): StoredHistory =>
    shelf.history({ limit: DEFAULT_HISTORY_LIMIT, ...query });
  return {
    database,
    write,
    incidents: { ...shelf.incidents, put: (row) => counted(() => shelf.incidents.put(row)) },
    keep: async (finding) => write(finding),
    read,
    history: async (query) => read(query),
    close: () => shelf.close(),
  };
}
