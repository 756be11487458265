// The black box: writes down how this process fares, and tells of earlier lives of the same service that ended without
// a word. Each life is told once, by whichever process of the service finds it first.
import type { DatabaseSync } from 'node:sqlite';
import { type BlackBoxFile, type OpenLife, openBlackBoxFile } from './black-box-file.ts';
import { isGone, isOfThisHost, keyOf, ownIdentity } from './black-box-identity.ts';
import { readPressure } from './black-box-pressure.ts';
import type { Life } from './black-box-record.ts';
import { verdictOn } from './black-box-verdict.ts';
import { type BlackBoxWriter, startWriter } from './black-box-writer.ts';
import type { RecorderContext } from './context.ts';
import { type Database, inTransaction } from './database.ts';
import type { PreviousLife } from './previous-life.ts';
import type { StoreDesk } from './store-desk.ts';

/** How often it is looked for siblings that died, in ms. */
const LOOK_MS = 10_000;
const HISTORY = 1_000;
/** What is kept of the lives that were told. */
const MAX_LIVES = 50;
const MAX_AGE_MS = 30 * 24 * 3_600_000;
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
  readonly store: Pick<StoreDesk, 'history'>;
  /** Where the lives that were told are kept. */
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
  const warn = (error: unknown): void => onWarning(`The black box: ${(error as Error).message}`);
  const life: Life = { ...ownIdentity(), service, startedAtMs };
  const file = openBlackBoxFile({ directory: dataDir, onMovedAside: onWarning });
  const writer = startWriter({ context, file, life, nodeOptions, onFailure: warn });
  let isOver = false;
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    try {
      for (const dead of deadLives(file, life, context.now())) if (!isOver) await tell(dead, file, options);
    } catch (error) {
      if (!isOver) warn(error);
    }
    isLooking = false;
  };
  setImmediate(() => {
    void look();
    if (!isOver) attempt(() => file.tidy(context.now()));
  });
  const timer = setInterval(() => void look(), LOOK_MS);
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
    .filter(({ life, seenAtMs }) => isGone(life, nowMs - seenAtMs, own));
}

async function tell({ key, life }: OpenLife, file: BlackBoxFile, options: BlackBoxOptions): Promise<void> {
  const { context, store, database, onRecovered } = options;
  const { notifications } = await store.history({ limit: HISTORY });
  const record = file.read(key);
  if (record === undefined) return;
  const told = verdictOn({
    record,
    pressure: readPressure(),
    isSameBoot: life.bootId === ownIdentity().bootId,
    notifications: notifications.filter(
      ({ process, detectedAt }) =>
        process.pid === life.pid &&
        process.hostname === life.hostname &&
        Date.parse(detectedAt) >= life.startedAtMs &&
        Date.parse(detectedAt) <= record.seenAtMs + LOOK_MS,
    ),
  });
  const isFirst = database.use('a previous life', (db) => keepLife(db, key, { told, nowMs: context.now() }));
  file.forget(key);
  if (isFirst) onRecovered(told);
}

/** Whether nobody had told of it. */
function keepLife(
  db: DatabaseSync,
  key: string,
  { told, nowMs }: { readonly told: PreviousLife; readonly nowMs: number },
): boolean {
  return inTransaction(db, () => {
    const { changes } = db
      .prepare(
        'INSERT INTO previous_lives (life, reported_at, body) VALUES (?, ?, ?) ON CONFLICT (life) DO NOTHING',
      )
      .run(key, Math.round(nowMs), JSON.stringify(told));
    db.prepare(
      'DELETE FROM previous_lives WHERE reported_at < ? OR seq NOT IN (SELECT seq FROM previous_lives ORDER BY seq DESC LIMIT ?)',
    ).run(Math.round(nowMs - MAX_AGE_MS), MAX_LIVES);
    return Number(changes) > 0;
  });
}

function keptLives(db: DatabaseSync, service: string, limit: number): readonly PreviousLife[] {
  return db
    .prepare("SELECT body FROM previous_lives WHERE body ->> '$.service' = ? ORDER BY seq DESC LIMIT ?")
    .all(service, limit)
    .map(({ body }) => JSON.parse(String(body)) as PreviousLife);
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
