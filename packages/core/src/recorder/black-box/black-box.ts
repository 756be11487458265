// The black box: writes down how this process fares, and tells of earlier lives of the same service that ended without
// a word. Each life is told once, by whichever process of the service finds it first.
import { reasonOf } from '../../errors.ts';
import type { RecorderContext } from '../context.ts';
import type { Database } from '../store/database.ts';
import { type BlackBoxFile, type OpenLife, openBlackBoxFile } from './file.ts';
import { isGone, isOfThisHost, keyOf, ownIdentity } from './identity.ts';
import { readPressure } from './pressure.ts';
import type { PreviousLife } from './previous-life.ts';
import type { Life } from './record.ts';
import { keepLife, keptLives, notificationsOf } from './told.ts';
import { verdictOn } from './verdict.ts';
import { type BlackBoxWriter, startWriter } from './writer.ts';

/** How often it is looked for siblings that died, in ms. */
const LOOK_MS = 10_000;
/** Lives that are told in one look: a cluster may have died as a whole. */
const AT_ONCE = 10;
/** Another process may hold the lock in the moment of the end. */
const END_TRIES = 20;

export interface BlackBoxOptions {
  readonly context: RecorderContext;
  readonly dataDir: string;
  /** The main script. */
  readonly service: string;
  /** Of this process, wall-clock ms. */
  readonly startedAtMs: number;
  /** Main's. */
  readonly nodeOptions: readonly string[];
  /** Where findings are, and the lives that were told. */
  readonly database: Database;
  readonly onRecovered: (life: PreviousLife) => void;
  /** It cannot be written or read. */
  readonly onWarning: (message: string) => void;
}

export interface BlackBox {
  /** Of this service, newest first; none while the database cannot be read. */
  previousLives(limit: number): readonly PreviousLife[];
  /** The process ends in order. Main waits for it: within a moment, never throws. Idempotent. */
  end(): void;
  /** Ends and closes the file. */
  close(): void;
}

/** Begins to write at once; what died is told of a turn later. */
export function startBlackBox(options: BlackBoxOptions): BlackBox {
  const { context, dataDir, service, startedAtMs, nodeOptions, onWarning } = options;
  let hasWarned = false;
  // A full disk stays full: once is enough.
  const warn = (error: unknown): void => {
    if (!hasWarned) onWarning(`The black box: ${reasonOf(error)}`);
    hasWarned = true;
  };
  const life: Life = { ...ownIdentity(), service, startedAtMs };
  const file = openBlackBoxFile({ directory: dataDir, onMovedAside: onWarning });
  const writer = startWriter({ context, file, life, nodeOptions, onFailure: warn });
  let isOver = false;
  const look = (): void => {
    try {
      for (const dead of deadLives(file, life, context.now())) tell(dead, file, options);
    } catch (error) {
      warn(error);
    }
  };
  setImmediate(() => {
    if (isOver) return;
    look();
    attempt(() => file.tidy(context.now()));
  });
  const timer = setInterval(look, LOOK_MS);
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    clearInterval(timer);
    finish(writer, () => file.end(life, context.now()));
  };
  return {
    previousLives(limit) {
      let lives: readonly PreviousLife[] = [];
      attempt(() => {
        lives = options.database.use('a question', (db) => keptLives(db, service, limit));
      });
      return lives;
    },
    end,
    close() {
      end();
      file.close();
    },
  };
}

function deadLives(file: BlackBoxFile, own: Life, nowMs: number): readonly OpenLife[] {
  return file
    .open(own.service)
    .filter(({ key, life }) => key !== keyOf(own) && isOfThisHost(life, own))
    .filter(({ life, seenAtMs }) => isGone(life, nowMs - seenAtMs, own))
    .slice(0, AT_ONCE);
}

function tell({ key, life }: OpenLife, file: BlackBoxFile, options: BlackBoxOptions): void {
  const { context, database, onRecovered } = options;
  const record = file.read(key);
  if (record === undefined) return;
  const told = verdictOn({
    record,
    pressure: readPressure(),
    isSameBoot: life.bootId === ownIdentity().bootId,
    notifications: database.use('a question', (db) => notificationsOf(db, life)),
  });
  const isFirst = database.use('a previous life', (db) => keepLife(db, key, { told, nowMs: context.now() }));
  file.forget(key);
  if (isFirst) onRecovered(told);
}

/** Main waits for the first try only; for the others this thread still has a moment. */
function finish(writer: BlackBoxWriter, end: () => void, tries: number = END_TRIES): void {
  writer.stop();
  if (!attempt(end) && tries > 1) setImmediate(() => finish(writer, end, tries - 1));
}

function attempt(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    // Busy, or the disk is full; nothing else hangs on it.
    return false;
  }
}
