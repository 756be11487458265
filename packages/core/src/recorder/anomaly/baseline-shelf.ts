// Where the detector's knowledge is kept over restarts: in the database of the data folder, a row for each service.
import { reasonOf } from '../../errors.ts';
import { type Database, inTransaction } from '../store/database.ts';
import type { DetectorState } from './detector.ts';
import { fromKept, toKept } from './kept.ts';

export interface BaselineShelf {
  /** Undefined when there is none, or none that can be read. */
  read(): DetectorState | undefined;
  write(state: DetectorState): void;
}

export interface BaselineShelfOptions {
  readonly database: Database;
  /** The service's script: several may share a folder. */
  readonly service: string;
  /** Wall-clock ms. */
  readonly now: () => number;
  /** What must be told to people: what was kept cannot be read, or nothing can be written. */
  readonly onWarning: (message: string) => void;
}

/** Of services that have not come back. */
const FORGET_MS = 60 * 86_400_000;

/** Never throws: what is usual can be learned anew. */
export function createBaselineShelf(options: BaselineShelfOptions): BaselineShelf {
  const { database, service, now, onWarning } = options;
  return {
    read() {
      try {
        const row = database.use('what is usual', (db) =>
          db.prepare('SELECT body FROM baselines WHERE service = ?').get(service),
        );
        return row === undefined ? undefined : fromKept(JSON.parse(String(row.body)));
      } catch (error) {
        onWarning(`What was learned of the metrics cannot be read, and is learned anew: ${reasonOf(error)}`);
        return undefined;
      }
    },
    write(state) {
      const body = JSON.stringify(toKept(state));
      try {
        database.use('what is usual', (db) =>
          inTransaction(db, () => {
            db.prepare('DELETE FROM baselines WHERE kept_at < ?').run(now() - FORGET_MS);
            db.prepare(
              `INSERT INTO baselines (service, kept_at, body) VALUES (?, ?, ?)
               ON CONFLICT DO UPDATE SET kept_at = excluded.kept_at, body = excluded.body`,
            ).run(service, Math.round(now()), body);
          }),
        );
      } catch (error) {
        onWarning(`What was learned of the metrics is not kept for now: ${reasonOf(error)}`);
      }
    },
  };
}
