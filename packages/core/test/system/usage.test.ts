// What a running system spends: told as it happens, answered by lens.usage() and over the control socket, kept over
// restarts, and held to the budgets on every thread.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ScriptedReply, scriptedModel, scriptedModelRef } from '@nodelens/testing';
import { expect, onTestFinished, test } from 'vitest';
import { ControlClient } from '../../src/recorder/control/client.ts';
import type { SpendReport } from '../../src/spending/usage-report.ts';
import type { LensEvent } from '../../src/telemetry/events.ts';
import { pulse, startLens } from './kit.ts';

const usage = { inputTokens: 100, cachedInputTokens: 10, outputTokens: 5 };
const looks: readonly ScriptedReply[] = [
  { toolCalls: [{ name: 'take_snapshot' }], usage },
  { toolCalls: [{ name: 'done' }], usage },
];
const prices = { 'mine/*': { input: 1_000, cachedInput: 0, output: 2_000 } };
const CALL_USD = 0.11;

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'nl-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

const spent = (runs: number, calls: number): Partial<SpendReport> => ({
  runs,
  calls,
  inputTokens: 100 * calls,
  costUsd: expect.closeTo(CALL_USD * calls, 9),
});

test('spending is told, summed up, kept over a restart, and held to the budget of the day', async () => {
  const dataDir = folder();
  const options = {
    model: scriptedModelRef(looks, 'mine/scripted'),
    operators: [{ skill: pulse() }],
    prices,
    budget: { total: { day: { usd: 3 * CALL_USD } } },
    dataDir,
    control: dataDir,
  };
  const first = await startLens(options);
  const events: LensEvent[] = [];
  for (const type of ['model.called', 'budget.exceeded'] as const)
    first.on(type, (event) => events.push(event));
  const run = await first.operator.run('pulse', { reason: 'x' });
  expect(run).toMatchObject({ status: 'completed', usage: { calls: 2 } });
  expect(run.usage.costUsd).toBeCloseTo(2 * CALL_USD, 9);
  expect(await first.usage()).toMatchObject({
    total: spent(1, 2),
    byOperator: { pulse: spent(1, 2) },
    byModel: { 'mine/scripted': { calls: 2 } },
    budgets: [{ budget: 'day', limit: 3 * CALL_USD, unit: 'USD' }],
  });
  expect(events).toMatchObject([
    { type: 'model.called', caller: 'pulse', investigationId: run.investigationId, model: 'mine/scripted' },
    { type: 'model.called', ...usage },
  ]);
  await first.stop();

  const second = await startLens(options);
  const exceeded = new Promise<LensEvent>((resolve) => second.on('budget.exceeded', resolve));
  const client = await ControlClient.connect(process.pid, second.controlPath ?? '');
  onTestFinished(() => client.close());
  // On the launcher's threads, as it is when main is blocked.
  const result = await client.request(
    'investigate',
    { reason: 'x', maxIterations: 2 },
    { timeoutMs: 30_000 },
  );
  expect(result).toMatchObject({ status: 'budget_exceeded', usage: { calls: 1 } });
  expect(await second.operator.run('pulse', { reason: 'x' })).toMatchObject({
    status: 'budget_exceeded',
    error: { code: 'budget_exceeded' },
  });
  expect(await exceeded).toMatchObject({ budget: 'day', unit: 'USD' });
  expect(await client.request('usage', {}, { timeoutMs: 5_000 })).toMatchObject({
    total: spent(3, 3),
    byOperator: { coordinator: spent(1, 1), pulse: spent(2, 2) },
  });
});

test('a live model on main goes over the desk, too', async () => {
  const lens = await startLens({
    model: scriptedModel(looks, 'mine/live'),
    operators: [{ skill: pulse() }],
    prices,
    budget: { perRun: { tokens: 1 } },
  });
  expect(await lens.operator.run('pulse', { reason: 'x' })).toMatchObject({
    status: 'budget_exceeded',
    usage: { calls: 1 },
  });
  expect((await lens.usage()).byModel).toMatchObject({ 'mine/live': { calls: 1 } });
});
