import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { PreviousLife } from '../../src/recorder/black-box/previous-life.ts';
import { keepLife, keptLives, notificationsOf } from '../../src/recorder/black-box/told.ts';
import { createDatabase, type Database } from '../../src/recorder/store/database.ts';
import { createFileShelf } from '../../src/recorder/store/file.ts';

const DAY_MS = 24 * 3_600_000;

function newDatabase(): Database {
  const directory = mkdtempSync(join(tmpdir(), 'nodelens-told-'));
  const database = createDatabase({ directory, onMovedAside: (message) => expect.fail(message) });
  onTestFinished(() => {
    database.close();
    rmSync(directory, { recursive: true });
  });
  return database;
}

const lifeOf = (pid: number, service = 'shop.js'): PreviousLife => ({
  pid,
  hostname: 'h',
  service,
  startedAt: '2026-01-01T00:00:00.000Z',
  lastSeenAt: '2026-01-01T00:01:00.000Z',
  end: 'killed',
  summary: 's',
  subjects: [],
  stalls: [],
  vitals: [],
});

test('a life is told by the first that finds it, and by nobody else', () => {
  const database = newDatabase();
  const keep = () => database.use('a life', (db) => keepLife(db, 'key', { told: lifeOf(1), nowMs: 1 }));
  expect([keep(), keep()]).toEqual([true, false]);
});

test('the newest lives of a service are kept, for a month', () => {
  const database = newDatabase();
  const keep = (pid: number, nowMs: number, service?: string) =>
    database.use('a life', (db) => keepLife(db, `${pid}`, { told: lifeOf(pid, service), nowMs }));
  const pids = (service: string, limit = 100) =>
    database.use('a question', (db) => keptLives(db, service, limit)).map(({ pid }) => pid);
  keep(1, 0, 'other.js');
  for (let pid = 2; pid <= 52; pid++) keep(pid, 1);
  expect(pids('shop.js', 2)).toEqual([52, 51]);
  expect(pids('shop.js')).toHaveLength(50);
  expect(pids('other.js')).toEqual([]);
  keep(60, 31 * DAY_MS);
  expect(pids('shop.js')).toEqual([60]);
});

test('the notifications of that very process are found, not those of another that had its pid', () => {
  const database = newDatabase();
  const startedAtMs = 5_000_000;
  const put = (id: string, processStartedAtMs: number) =>
    createFileShelf(database, {
      origin: { service: 's', hostname: 'h', pid: 1, processStartedAtMs },
      now: () => 1,
    }).put({
      id,
      kind: 'notification',
      investigationId: 'i',
      body: JSON.stringify({ id }),
    });
  put('before', startedAtMs - 60_000);
  put('first', startedAtMs + 3);
  put('second', startedAtMs - 2);
  const found = database.use('a question', (db) =>
    notificationsOf(db, { hostname: 'h', pid: 1, startedAtMs }),
  );
  expect(found.map(({ id }) => id)).toEqual(['second', 'first']);
});
