// `nodelens usage`: of the folder of a service that does not run, as text and as JSON.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDatabase } from '../../core/src/recorder/store/database.ts';
import { createLedger } from '../../core/src/spending/ledger.ts';
import { createFileSpendShelf } from '../../core/src/spending/spend-file.ts';
import { renderUsage } from '../src/render-usage.ts';
import { nodelens, runtimeFolder } from './processes.ts';

const now = (): number => Date.parse('2026-11-23T10:00:00Z');

test('what a folder tells of spending, as JSON and for people', async () => {
  const dataDir = join(await runtimeFolder(), 'data');
  const database = createDatabase({ directory: dataDir, onMovedAside: () => undefined });
  const ledger = createLedger({ file: createFileSpendShelf({ database, service: 'shop.js', now }), now });
  const spend = { calls: 2, inputTokens: 12_000, outputTokens: 300, costUsd: 0.0135 };
  ledger.book({ caller: 'runtime', model: 'anthropic/claude-haiku-4-5', spend });
  ledger.book({ caller: 'gc', model: 'mine', spend: { calls: 1, inputTokens: 5, unpricedCalls: 1 } });
  database.close();
  const json = await nodelens(['usage', '--data-dir', dataDir, '--json']);
  expect(json.code, json.stderr).toBe(0);
  const report = JSON.parse(json.stdout);
  expect(report).toMatchObject({
    total: { calls: 3, costUsd: 0.0135, unpricedCalls: 1 },
    byOperator: { runtime: { inputTokens: 12_000 }, gc: { calls: 1 } },
    byDay: [{ day: '2026-11-23' }],
  });
  const text = renderUsage({
    ...report,
    budgets: [{ budget: 'day', limit: 1, spent: 0.25, unit: 'USD', freeAt: '2026-11-24T00:00:00.000Z' }],
  });
  expect(text).toContain('day: $0.2500 of $1.00 (25 %), anew at 2026-11-24T00:00:00.000Z');
  expect(text).toMatch(/runtime +0 +2 +0 +12,000 +0 +300 +\$0\.0135\n/);
  expect(text).toMatch(/gc .* unknown\n/);
  expect(text).toContain('$0.0135 and more');
  expect(text).toContain('The price of 1 calls is not known');
});

test('neither a process nor a folder is a wrong use', async () => {
  expect((await nodelens(['usage'])).code).toBe(2);
});
