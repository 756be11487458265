// What the store keeps, wherever it keeps it: in the file of a data folder, or in memory that outlives its thread.
import { readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { createDatabase } from '../../src/recorder/store/database.ts';
import { migrations } from '../../src/recorder/store/database-schema.ts';
import type { StoredStatus } from '../../src/recorder/store/desk.ts';
import { createFileShelf } from '../../src/recorder/store/file.ts';
import { readStoredHistory } from '../../src/recorder/store/reader.ts';
import { MAX_ANSWER_BYTES, MAX_ROW_BYTES, toRow } from '../../src/recorder/store/row.ts';
import type { StoredIncident } from '../../src/recorder/store/stored-incident.ts';
import { createVaults } from '../../src/recorder/store/vaults.ts';
import {
  idOf,
  incident,
  noticed,
  notification,
  openStore,
  temporaryFolder,
  understood,
  unread,
} from './store-kit.ts';

const places = [
  ['a data folder', () => openStore(join(temporaryFolder(), 'made', 'by us'))],
  ['memory', () => openStore()],
] as const;

test.each(places)('%s answers newest first, each finding once, whole', async (_, open) => {
  const store = open();
  for (const finding of [noticed(1), understood(2), noticed(3), noticed(1)]) await store.keep(finding);
  expect(await store.history({})).toEqual({
    incidents: [],
    notifications: [unread(3), { ...unread(1), status: 'resolved', statusAt: '1970-01-01T00:00:00.002Z' }],
    insights: [expect.objectContaining({ id: idOf(2), summary: 'parse() blocks.' })],
    previousLives: [],
  });
});

test.each(places)('%s tells the last status of each notification', async (_, open) => {
  const store = open();
  const mark = (status: StoredStatus, atMs: number, ...ids: readonly number[]) =>
    store.keep({ kind: 'statuses', notificationIds: ids.map(idOf), status, atMs });
  await store.keep(noticed(1));
  await mark('resolved', 5, 1);
  for (const n of [2, 3, 4]) await store.keep(noticed(n));
  await mark('acknowledged', 6, 3, 4);
  await store.keep(understood(7, { notificationIds: [idOf(4)] }));
  await mark('raised_again', 8, 1);
  // Kept before: nothing of it is news.
  await store.keep(understood(7, { notificationIds: [idOf(1), idOf(4)] }));
  const { notifications } = await store.history({});
  expect(notifications.map(({ id, status, statusAt }) => [id, status, statusAt])).toEqual([
    [idOf(4), 'resolved', '1970-01-01T00:00:00.007Z'],
    [idOf(3), 'acknowledged', '1970-01-01T00:00:00.006Z'],
    [idOf(2), 'unread', undefined],
    [idOf(1), 'raised_again', '1970-01-01T00:00:00.008Z'],
  ]);
});

test.each(places)('%s has each incident once, as it was told last', async (_, open) => {
  const store = open();
  const put = (told: StoredIncident, resume?: string): void =>
    store.incidents.put({ incident: told, ...(resume && { resume }) });
  const closed = { atMs: 9, why: 'over', lastedMs: 8 } as const;
  put(incident(1), '{}');
  put(incident(2, { investigationIds: [idOf(0xbb)] }), '{}');
  put(incident(1), '{"of": "no telling"}');
  put(incident(1, { updatedAtMs: 3, severity: 'critical' }), '{}');
  put(incident(1, { updatedAtMs: 9, severity: 'critical', closed }));
  const second = incident(2, { investigationIds: [idOf(0xbb)] });
  expect((await store.history({})).incidents).toEqual([
    second,
    incident(1, { updatedAtMs: 9, severity: 'critical', closed }),
  ]);
  expect((await store.history({ limit: 1 })).incidents).toEqual([second]);
  expect((await store.history({ investigationId: idOf(0xbb) })).incidents).toEqual([second]);
});

test('the oldest incidents go', async () => {
  const store = openStore(temporaryFolder());
  for (let n = 1; n <= 510; n++) store.incidents.put({ incident: incident(n) });
  const { incidents } = await store.history({ limit: 1_000 });
  expect(incidents).toHaveLength(500);
  expect(incidents.at(-1)?.id).toBe(idOf(11));
});

test('a file of an older Nodelens is read as it is, and gets its new columns when something is kept', async () => {
  const folder = temporaryFolder();
  const db = new DatabaseSync(join(folder, 'nodelens.db'));
  db.exec(`${migrations[0]}; PRAGMA user_version = 1`);
  db.prepare(
    `INSERT INTO findings (id, kind, investigation_id, hostname, pid, process_started_at, kept_at, bytes, body)
     VALUES (?, 'notification', 'i', 'h', 1, 1, 1, 1, ?)`,
  ).run(idOf(1), JSON.stringify(notification(1)));
  db.close();
  const old = { incidents: [], notifications: [unread(1)], insights: [], previousLives: [] };
  expect(readStoredHistory(folder)).toEqual(old);
  const store = openStore(folder);
  store.incidents.put({ incident: incident(2) });
  expect(await store.history({})).toEqual({ ...old, incidents: [incident(2)] });
});

test.each(places)('%s answers so many of each kind, or those of one investigation', async (_, open) => {
  const store = open();
  const investigationId = idOf(0xbb);
  for (const n of [1, 2, 3]) await store.keep(noticed(n));
  await store.keep(understood(4, { investigationId }));
  expect((await store.history({ limit: 2 })).notifications.map(({ id }) => id)).toEqual([idOf(3), idOf(2)]);
  expect(await store.history({ investigationId })).toMatchObject({ notifications: [], insights: [{}] });
});

test.each(places)(
  '%s leaves the data of snapshots out when it is too large, and bounds an answer',
  async (_, open) => {
    const store = open();
    const data = { text: 'x'.repeat(MAX_ROW_BYTES) };
    const [snapshot] = notification(1).snapshots;
    if (snapshot === undefined) throw new Error('no snapshot');
    await store.keep(noticed(1, { snapshots: [{ ...snapshot, data }] }));
    const [kept] = (await store.history({})).notifications;
    expect(kept).toMatchObject({
      observation: notification(1).observation,
      snapshots: [{ id: snapshot.id }],
    });
    expect(JSON.stringify(kept).length).toBeLessThan(2_000);

    const large = 'y'.repeat(MAX_ROW_BYTES * 0.9);
    for (let n = 2; n < 13; n++) await store.keep(noticed(n, { context: large }));
    const { notifications } = await store.history({});
    expect(notifications[0]?.id).toBe(idOf(12));
    expect(JSON.stringify(notifications).length).toBeLessThan(MAX_ANSWER_BYTES + MAX_ROW_BYTES);
  },
);

test('memory outlives the store that wrote to it', async () => {
  const vaults = createVaults();
  await openStore(undefined, vaults).keep(noticed(1));
  const successor = openStore(undefined, vaults);
  await successor.keep(noticed(1));
  expect((await successor.history({})).notifications).toEqual([unread(1)]);
});

test('memory: an incident that changes all the time drives out no finding, and no other incident', async () => {
  const store = openStore();
  for (let n = 1; n <= 900; n++) await store.keep(noticed(n));
  store.incidents.put({ incident: incident(1) });
  await store.keep({ kind: 'statuses', notificationIds: [idOf(1)], status: 'acknowledged', atMs: 5_000 });
  const busy = { ...incident(2), startedAtMs: incident(1).startedAtMs + 1, title: 'x'.repeat(8_000) };
  for (let n = 1; n <= 1_000; n++)
    store.incidents.put({ incident: { ...busy, updatedAtMs: n }, resume: String(n) });
  const { incidents, notifications } = await store.history({ limit: 1_000 });
  expect(notifications).toHaveLength(900);
  expect(notifications.at(-1)).toMatchObject({ id: idOf(1), status: 'acknowledged' });
  expect(incidents).toEqual([{ ...busy, updatedAtMs: 1_000 }, incident(1)]);
});

test('nothing is opened before there is something to keep; then only this user can read it', async () => {
  const folder = join(temporaryFolder(), 'data');
  const store = openStore(folder);
  expect(statSync(folder, { throwIfNoEntry: false })).toBeUndefined();
  await store.keep(noticed(1));
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
});

test('several processes share a folder, and who is in the way of another is waited for a moment only', async () => {
  const folder = temporaryFolder();
  const [first, second] = [openStore(folder), openStore(folder)];
  await Promise.all([first.keep(noticed(1)), second.keep(noticed(2))]);
  expect((await first.history({})).notifications).toHaveLength(2);

  const third = new DatabaseSync(join(folder, 'nodelens.db'));
  onTestFinished(() => third.close());
  third.exec('BEGIN IMMEDIATE');
  await expect(first.keep(noticed(3))).rejects.toMatchObject({ code: 'store_unavailable', retryable: true });
  third.exec('COMMIT');
  await first.keep(noticed(3));
  expect((await second.history({})).notifications).toHaveLength(3);
  expect([...first.warnings, ...second.warnings]).toEqual([]);
});

test('the oldest go beyond a number and a size', () => {
  const folder = temporaryFolder();
  const origin = { service: '/app/shop.js', hostname: 'host', pid: 1, processStartedAtMs: 0 };
  const kept = (budget: { maxRows: number; maxBytes: number }): readonly string[] => {
    const database = createDatabase({ directory: folder, onMovedAside: () => undefined });
    const shelf = createFileShelf(database, { origin, now: () => 0, budget });
    // The first one looks at the budget.
    shelf.put(toRow(noticed(20)));
    const { notifications } = shelf.history({ limit: 100 });
    shelf.close();
    return notifications.map(({ id }) => id);
  };
  const database = createDatabase({ directory: folder, onMovedAside: () => undefined });
  const shelf = createFileShelf(database, { origin, now: () => 0 });
  for (let n = 1; n <= 20; n++) shelf.put(toRow(noticed(n)));
  shelf.close();
  const size = toRow(noticed(20)).body.length;
  expect(kept({ maxRows: 10, maxBytes: 1e9 })).toEqual(Array.from({ length: 10 }, (__, i) => idOf(20 - i)));
  expect(kept({ maxRows: 10, maxBytes: 3 * size })).toEqual([20, 19, 18].map(idOf));
});

const unusable: readonly (readonly [string, (file: string) => void, string])[] = [
  [
    'is no database',
    (file) => writeFileSync(file, 'not a database at all, but long enough to look at. '.repeat(40)),
    'not a database',
  ],
  ['is of a newer Nodelens', (file) => ofVersion(file, 99), 'schema 99'],
];

function ofVersion(file: string, version: number): void {
  const db = new DatabaseSync(file);
  db.exec(`CREATE TABLE future (x); PRAGMA user_version = ${version}`);
  db.close();
}

test.each(unusable)('a file that %s is kept under another name, and told', async (_, make, reason) => {
  const folder = temporaryFolder();
  make(join(folder, 'nodelens.db'));
  const before = statSync(join(folder, 'nodelens.db')).ino;
  const store = openStore(folder);
  await store.keep(noticed(1));
  expect((await store.history({})).notifications).toEqual([unread(1)]);
  const aside = readdirSync(folder).filter((name) => /^nodelens-unreadable-.*\.db$/.test(name));
  expect(aside.map((name) => statSync(join(folder, name)).ino)).toEqual([before]);
  expect(store.warnings).toEqual([expect.stringContaining(reason)]);
  expect(store.warnings[0]).toContain(aside[0]);
});

test('a file that goes bad, or away, while it is open costs nothing that comes after', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'nodelens.db');
  const store = openStore(folder);
  await store.keep(noticed(1));
  renameSync(file, `${file}.taken`);
  await store.keep(noticed(2));
  expect(readStoredHistory(folder).notifications).toEqual([unread(2)]);
  store.close();
  writeFileSync(file, 'x'.repeat(8_192), { flag: 'r+' });
  await store.keep(noticed(3));
  expect((await store.history({})).notifications).toEqual([unread(3)]);
  expect(store.warnings).toHaveLength(1);
});

test('a folder that cannot be had is told, and tried again', async () => {
  const folder = join(temporaryFolder(), 'data');
  writeFileSync(folder, 'in the way');
  const store = openStore(folder);
  for (let n = 0; n < 5; n++)
    await expect(store.keep(noticed(1))).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(store.warnings).toEqual([expect.stringContaining('not kept for now')]);
  renameSync(folder, `${folder}.away`);
  await store.keep(noticed(1));
  expect((await store.history({})).notifications).toHaveLength(1);
});

test('a reader needs no service, sees what is not yet in the main file, and changes nothing', async () => {
  const folder = temporaryFolder();
  const store = openStore(folder);
  await store.keep(noticed(1));
  await store.keep(understood(2));
  expect(readStoredHistory(folder)).toEqual(await store.history({}));
  expect(readStoredHistory(folder, { limit: 1, investigationId: idOf(0xcc) }).insights).toEqual([]);
  store.close();
  const before = statSync(join(folder, 'nodelens.db'));
  expect(readStoredHistory(folder).notifications).toMatchObject([{ id: idOf(1), status: 'resolved' }]);
  expect(statSync(join(folder, 'nodelens.db')).mtimeMs).toBe(before.mtimeMs);
});

test('a reader says what is wrong with a folder', () => {
  const folder = temporaryFolder();
  expect(() => readStoredHistory(folder)).toThrow(/there is no nodelens\.db in/);
  ofVersion(join(folder, 'nodelens.db'), 99);
  expect(() => readStoredHistory(folder)).toThrow(/schema 99/);
});
