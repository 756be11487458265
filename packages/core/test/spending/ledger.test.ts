import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createDatabase } from '../../src/recorder/store/database.ts';
import { createVaultMemory } from '../../src/recorder/store/vault.ts';
import { createLedger, type Ledger } from '../../src/spending/ledger.ts';
import { createFileSpendShelf } from '../../src/spending/spend-file.ts';
import { readStoredUsage } from '../../src/spending/spend-reader.ts';
import type { SpendShelf } from '../../src/spending/spend-shelf.ts';
import { createVaultSpendShelf } from '../../src/spending/spend-vault.ts';

const DAY = 24 * 3_600_000;
const start = Date.parse('2026-03-30T22:30:00Z');
const spend = { calls: 1, inputTokens: 10, outputTokens: 5, costUsd: 0.25 };

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'nodelens-spend-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function fileLedger(directory: string, now: () => number, service = 'shop.js'): Ledger {
  const database = createDatabase({ directory, onMovedAside: () => undefined });
  onTestFinished(() => database.close());
  return createLedger({ file: createFileSpendShelf({ database, service, now }), now });
}

test.each(['memory', 'file'])('hours, days and months are those of the calendar in UTC (%s)', (kind) => {
  let now = start;
  const ledger = kind === 'memory' ? createLedger({ now: () => now }) : fileLedger(folder(), () => now);
  const book = (caller: string): void => ledger.book({ caller, model: 'm', spend });
  const calls = (): number[] =>
    (['hour', 'day', 'month'] as const).map((period) => ledger.spent(period, 'gc').calls);
  book('gc');
  book('gc');
  book('runtime');
  expect(calls()).toEqual([2, 2, 2]);
  expect(ledger.spent('day').costUsd).toBe(0.75);
  now += 3_600_000;
  expect(calls()).toEqual([0, 2, 2]);
  now += 3_600_000;
  book('gc');
  expect(calls()).toEqual([1, 1, 3]);
  now += DAY;
  expect(calls()).toEqual([0, 0, 0]);
  expect(ledger.days().length).toBe(3);
  now += 401 * DAY;
  book('gc');
  expect(ledger.days().length).toBe(1);
});

test('a folder is shared by the processes of a service, survives them, and tells of all services', () => {
  const directory = folder();
  const now = (): number => start;
  fileLedger(directory, now).book({ caller: 'gc', model: 'm', spend });
  fileLedger(directory, now).book({ caller: 'gc', model: 'm', spend });
  fileLedger(directory, now, 'other.js').book({
    caller: 'gc',
    model: 'm',
    spend: { calls: 1, unpricedCalls: 1 },
  });
  expect(fileLedger(directory, now).spent('month', 'gc')).toMatchObject({ calls: 2, costUsd: 0.5 });
  expect(readStoredUsage(directory)).toMatchObject({
    total: { calls: 3, costUsd: 0.5, unpricedCalls: 1 },
    byDay: [{ day: '2026-03-30', calls: 3 }],
    budgets: [],
  });
});

test('without a folder the next life of the thread knows what was spent, however often it was booked', () => {
  const memory = createVaultMemory();
  const life = (): Ledger => {
    const now = (): number => start;
    return createLedger({ memory: createVaultSpendShelf(memory, now), now });
  };
  const first = life();
  for (let i = 0; i < 10_000; i += 1) first.book({ caller: `op-${i % 2}`, model: 'm', spend });
  expect(life().spent('day')).toMatchObject({ calls: 10_000, costUsd: 2_500 });
  life().book({ caller: 'op-1', model: 'm', spend });
  expect(life().spent('day', 'op-1').calls).toBe(5_001);
});

test('what the file does not take is known all the same, and booked once when it takes it', () => {
  let isBroken = true;
  const added: number[] = [];
  const file: SpendShelf = {
    add(rows) {
      if (isBroken) throw new Error('disk full');
      added.push(rows.find(({ span }) => span === 'day')?.spend.calls ?? 0);
    },
    read: () => {
      throw new Error('disk full');
    },
    sum: () => {
      throw new Error('disk full');
    },
  };
  const ledger = createLedger({ file, now: () => start });
  ledger.book({ caller: 'gc', model: 'm', spend });
  ledger.book({ caller: 'gc', model: 'm', spend });
  expect(ledger.spent('hour').calls).toBe(2);
  isBroken = false;
  ledger.book({ caller: 'gc', model: 'm', spend });
  ledger.book({ caller: 'gc', model: 'm', spend });
  expect(added).toEqual([3, 1]);
});
