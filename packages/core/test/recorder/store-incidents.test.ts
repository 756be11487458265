// Whose open incidents are taken up: of lives of the same service that are over, as far as that can be told.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { ownIdentity } from '../../src/recorder/black-box/identity.ts';
import type { LifeIdentity } from '../../src/recorder/black-box/record.ts';
import { createDatabase } from '../../src/recorder/store/database.ts';
import { createIncidentRecords } from '../../src/recorder/store/incidents.ts';
import { readStoredHistory } from '../../src/recorder/store/reader.ts';
import type { IncidentRecords } from '../../src/recorder/store/stored-incident.ts';
import { idOf, incident, temporaryFolder } from './store-kit.ts';

const NOW_MS = 10_000_000;
const own = ownIdentity();
const ofAnother = { ...own, startTicks: '1' };
const inContainer = { ...own, hostname: 'c0ffee', pidNamespace: 'pid:[1]' };
const elsewhere = { ...inContainer, bootId: 'another boot' };

function records(folder: string, service = '/app/shop.js', now = (): number => NOW_MS): IncidentRecords {
  const database = createDatabase({ directory: folder, onMovedAside: () => undefined });
  onTestFinished(() => database.close());
  return createIncidentRecords({ database, service, now });
}

/** One that is open, of a life that gave its last sign so long ago. */
function leave(folder: string, owner: LifeIdentity | null, silentMs: number): void {
  records(folder).put({ incident: incident(1), resume: '{"of": "the first"}' });
  const db = new DatabaseSync(join(folder, 'nodelens.db'));
  db.prepare('UPDATE incidents SET owner = ?, seen_at = ?').run(
    owner && JSON.stringify(owner),
    NOW_MS - silentMs,
  );
  db.close();
}

const cases: readonly (readonly [string, LifeIdentity | null, number, boolean])[] = [
  ['that was left in order', null, 0, true],
  ['of an earlier start in this process', own, 0, true],
  ['of a process that is gone', ofAnother, 0, true],
  ['of another container that gives signs', inContainer, 19_000, false],
  ['of another container that is silent', inContainer, 20_000, true],
  ['of another machine that is silent for a while', elsewhere, 599_000, false],
  ['of another machine that is silent for long', elsewhere, 600_000, true],
];
test.each(cases)('one %s', (_, owner, silentMs, isTaken) => {
  const folder = temporaryFolder();
  leave(folder, owner, silentMs);
  const row = { incident: incident(1), resume: '{"of": "the first"}' };
  expect(records(folder).takeUp()).toEqual({ rows: isTaken ? [row] : [], hasOthers: !isTaken });
  expect(records(folder, '/app/other.js').takeUp()).toEqual({ rows: [], hasOthers: false });
});

test('who takes it up has it, until it is left', () => {
  const folder = temporaryFolder();
  leave(folder, inContainer, 20_000);
  records(folder).takeUp();
  const ownerOf = (): unknown => {
    const db = new DatabaseSync(join(folder, 'nodelens.db'));
    const row = db.prepare('SELECT owner, seen_at FROM incidents').get();
    db.close();
    return { ...row };
  };
  expect(ownerOf()).toEqual({ owner: JSON.stringify(own), seen_at: NOW_MS });
  const later = records(folder, '/app/shop.js', () => NOW_MS + 5_000);
  later.renew();
  expect(ownerOf()).toEqual({ owner: JSON.stringify(own), seen_at: NOW_MS + 5_000 });
  later.leave();
  expect(ownerOf()).toMatchObject({ owner: null });
});

test('what this process has is taken once: later it is known, and its row may be behind', () => {
  const folder = temporaryFolder();
  leave(folder, inContainer, 0);
  const life = records(folder);
  life.takeUp();
  life.put({ incident: incident(2), resume: '{"of": "the second"}' });
  expect(life.takeUp()).toEqual({ rows: [], hasOthers: true });
  expect(
    records(folder)
      .takeUp()
      .rows.map((row) => row.incident.id),
  ).toEqual([idOf(2)]);
});

test('what is closed is of nobody; a look makes no file', () => {
  const folder = temporaryFolder();
  expect(records(folder).takeUp()).toEqual({ rows: [], hasOthers: false });
  expect(() => readStoredHistory(folder)).toThrow(/there is no nodelens\.db in/);
  const closed = { atMs: 2, why: 'over', lastedMs: 1 } as const;
  records(folder).put({ incident: incident(1, { closed }) });
  expect(records(folder).takeUp()).toEqual({ rows: [], hasOthers: false });
  expect(readStoredHistory(folder).incidents).toMatchObject([{ id: idOf(1), closed }]);
});
