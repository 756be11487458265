// What the black box reads and keeps in `nodelens.db`: the findings of a life that is over, and the lives that were told,
// a bounded number of them.
import type { DatabaseSync } from 'node:sqlite';
import type { Notification } from '../../operator/notification.ts';
import { inTransaction } from '../store/database.ts';
import type { PreviousLife } from './previous-life.ts';
import type { Life } from './record.ts';

const MAX_LIVES = 50;
const MAX_AGE_MS = 30 * 24 * 3_600_000;
const NOTIFICATIONS = 20;
/** Both sides reckon the start of the process, in ms. */
const SAME_START_MS = 10_000;

/** The last that were told of that process, newest first. */
export function notificationsOf(
  db: DatabaseSync,
  { hostname, pid, startedAtMs }: Pick<Life, 'hostname' | 'pid' | 'startedAtMs'>,
): readonly Notification[] {
  return db
    .prepare(
      `SELECT body FROM findings
       WHERE kind = 'notification' AND hostname = ? AND pid = ? AND abs(process_started_at - ?) < ?
       ORDER BY seq DESC LIMIT ?`,
    )
    .all(hostname, pid, Math.round(startedAtMs), SAME_START_MS, NOTIFICATIONS)
    .map(({ body }) => JSON.parse(String(body)) as Notification);
}

/** Whether nobody had told of it. */
export function keepLife(
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
      `DELETE FROM previous_lives
       WHERE reported_at < ? OR seq NOT IN (SELECT seq FROM previous_lives ORDER BY seq DESC LIMIT ?)`,
    ).run(Math.round(nowMs - MAX_AGE_MS), MAX_LIVES);
    return Number(changes) > 0;
  });
}

/** Of a service, newest first. */
export function keptLives(db: DatabaseSync, service: string, limit: number): readonly PreviousLife[] {
  return db
    .prepare("SELECT body FROM previous_lives WHERE body ->> '$.service' = ? ORDER BY seq DESC LIMIT ?")
    .all(service, limit)
    .map(({ body }) => JSON.parse(String(body)) as PreviousLife);
}
