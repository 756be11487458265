// Runs and investigations whose budget is used up: what was found is kept, and nothing is dressed as a result.
import { expect, test } from 'vitest';
import { createLab } from '../coordinator/lab.ts';
import { invoke, leader, notice, reporting } from '../coordinator/scripts.ts';
import { calls, idFrom, scripted } from '../operator/scripted.ts';
import { createWorld } from '../operator/world.ts';

/** Tokens of one scripted call. */
const CALL = 115;

test('a run over its budget ends with what it found; the model is not asked again', async () => {
  const model = scripted(reporting('blocked'));
  const world = createWorld(model, undefined, undefined, { perRun: { tokens: 2 * CALL } });
  expect(await world.run()).toMatchObject({
    status: 'budget_exceeded',
    error: {
      code: 'budget_exceeded',
      data: { budget: 'run', limit: 2 * CALL, spent: 2 * CALL, unit: 'tokens' },
    },
    notifications: [{ observation: 'blocked' }],
    usage: { calls: 2, costUsd: (2 * CALL) / 1_000 },
  });
  expect(model.requests.length).toBe(2);
  expect(world.events.filter(({ type }) => type === 'operator.model_failed')).toMatchObject([
    { code: 'budget_exceeded', willRetry: false },
  ]);
});

test('a run too many does not start, and says so', async () => {
  const model = scripted([calls(['done'])]);
  const world = createWorld(model, undefined, undefined, { total: { day: { runs: 1 } } });
  expect((await world.run()).status).toBe('completed');
  expect(await world.run()).toMatchObject({
    status: 'budget_exceeded',
    error: { code: 'budget_exceeded' },
    iterations: 0,
  });
});

test('an operator that was refused is told to the model of the coordinator as not complete', async () => {
  const told: string[] = [];
  const coordinator = leader([calls(invoke('runtime'))], 1, [
    calls(invoke('runtime')),
    calls(['wait', { ms: 60_000 }]),
    (request) => {
      told.push(JSON.stringify(request.messages));
      return calls(['done']);
    },
  ]);
  const lab = await createLab({
    coordinator,
    operators: scripted([calls(['done'])]),
    budget: { perOperator: { hour: { runs: 1 } } },
  });
  expect(await lab.run()).toMatchObject({
    status: 'completed',
    operators: [{ status: 'completed' }, { operator: 'runtime', status: 'budget_exceeded' }],
  });
  expect(told.join()).toContain('did NOT complete (budget_exceeded');
});

test('an investigation over its budget, its operators included, ends with everything found until then', async () => {
  const operators = scripted([
    calls(['take_snapshot']),
    (request) => calls(['send_notification', notice(idFrom(request, 'take_snapshot'))], ['done']),
  ]);
  const lab = await createLab({
    coordinator: leader([calls(invoke('runtime'))], 1, [calls(['done'])]),
    operators,
    budget: { perRun: { usd: (4 * CALL) / 1_000 } },
  });
  const result = await lab.run();
  expect(result).toMatchObject({
    status: 'budget_exceeded',
    error: { code: 'budget_exceeded', data: { budget: 'run', unit: 'USD' } },
    notifications: [{ observation: 'blocked' }],
    operators: [{ operator: 'runtime', status: 'completed' }],
    usage: { calls: 4 },
  });
  expect(result.usage.costUsd).toBeCloseTo((4 * CALL) / 1_000, 9);
});
