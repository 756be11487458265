import { ManualClock } from '@nodelens/testing';
import { describe, expect, test } from 'vitest';
import { fail } from '../../src/errors.ts';
import type { JsonObject } from '../../src/json.ts';
import { calls, never, type Scripted, scripted } from '../operator/scripted.ts';
import { fixtureModel } from '../operator/world.ts';
import { createLab } from './lab.ts';
import { invoke, leader, reporting } from './scripts.ts';

describe('an investigation that stops early keeps what was found', () => {
  /** Operators: one reports, then waits for ever. */
  const stuck = (): Scripted => scripted([...reporting('blocked').slice(0, 2), never]);

  test('at the deadline', async () => {
    const clock = new ManualClock();
    const lab = await createLab({
      coordinator: scripted([calls(invoke('runtime')), never]),
      operators: stuck(),
      clock,
      onEvent: (event) => event.type === 'operator.notification' && clock.advance(60_000),
    });
    expect(await lab.run({ timeoutMs: 60_000 })).toMatchObject({
      status: 'deadline_exceeded',
      error: { code: 'run_deadline_exceeded', data: { timeoutMs: 60_000 } },
      durationMs: 60_000,
      notifications: [{ observation: 'blocked' }],
      operators: [{ operator: 'runtime', status: 'deadline_exceeded' }],
    });
  });

  test.each([
    ['model', { coordinator: fixtureModel('neverLoads') }],
    ['strategy', { coordinator: scripted([]) }],
  ])('at the deadline while its %s is loading, and the next one has its turn', async (_, models) => {
    const clock = new ManualClock();
    const lab = await createLab({
      ...models,
      operators: scripted([]),
      clock,
      onEvent: (event) => event.type === 'investigation.started' && clock.advance(60_000),
    });
    const strategy = {
      kind: 'strategy-ref',
      name: 'never',
      module: new URL('./fixtures/strategies.ts', import.meta.url).href,
      exportName: 'createNever',
      options: {},
    } as const;
    const runs = [lab.run({ timeoutMs: 60_000, strategy }), lab.run({ timeoutMs: 60_000, strategy })];
    for (const result of await Promise.all(runs))
      expect(result).toMatchObject({
        status: 'deadline_exceeded',
        error: { code: 'run_deadline_exceeded' },
        durationMs: 60_000,
      });
  });

  test('when its asker gives up', async () => {
    const controller = new AbortController();
    const finished = Promise.withResolvers<JsonObject>();
    const lab = await createLab({
      coordinator: leader([calls(invoke('runtime'))], 1, []),
      operators: stuck(),
      onEvent: (event) => {
        if (event.type === 'operator.notification') controller.abort();
        if (event.type === 'investigation.finished') finished.resolve(event.result as unknown as JsonObject);
      },
    });
    await expect(lab.run({}, controller.signal)).rejects.toMatchObject({ code: 'ask_aborted' });
    expect(await finished.promise).toMatchObject({
      status: 'cancelled',
      notifications: [{ observation: 'blocked' }],
      operators: [{ status: 'cancelled' }],
    });
  });

  test('when the model fails', async () => {
    const model = leader([calls(invoke('runtime')), calls(['wait', { ms: 60_000 }])], 0, [
      fail('model_failed', { model: 'm', reason: 'no' }),
    ]);
    const lab = await createLab({ coordinator: model, operators: stuck() });
    expect(await lab.run()).toMatchObject({
      status: 'failed',
      error: { code: 'model_failed' },
      notifications: [{ observation: 'blocked' }],
      operators: [{ status: 'cancelled' }],
    });
  });

  test('when the model cannot be loaded', async () => {
    const lab = await createLab({ coordinator: fixtureModel('missing'), operators: scripted([]) });
    expect(await lab.run()).toMatchObject({ status: 'failed', error: { code: 'model_load_failed' } });
    expect(await lab.run()).toMatchObject({ status: 'failed' });
  });

  test('out of iterations, at the deadline of operators that never end', async () => {
    const clock = new ManualClock();
    const lab = await createLab({
      coordinator: scripted([calls(invoke('runtime'))]),
      operators: stuck(),
      clock,
      onEvent: (event) => event.type === 'operator.notification' && clock.advance(60_000),
    });
    expect(await lab.run({ maxIterations: 1, timeoutMs: 60_000 })).toMatchObject({
      status: 'deadline_exceeded',
      notifications: [{ observation: 'blocked' }],
    });
  });

  test('out of iterations, it waits for the operators that run', async () => {
    const gate = Promise.withResolvers<ReturnType<typeof calls>>();
    const lab = await createLab({
      coordinator: scripted([calls(invoke('runtime'))]),
      operators: scripted([() => gate.promise, ...reporting('blocked')]),
      onEvent: (event) => event.type === 'coordinator.step' && gate.resolve(calls(['take_snapshot'])),
    });
    expect(await lab.run({ maxIterations: 1 })).toMatchObject({
      status: 'budget_exceeded',
      notifications: [{ observation: 'blocked' }],
      operators: [{ status: 'completed' }],
    });
  });

  test('out of iterations, when the last operator fails', async () => {
    const gate = Promise.withResolvers<void>();
    const fails = async (): Promise<never> => {
      await gate.promise;
      throw new Error('out of the blue');
    };
    const lab = await createLab({
      coordinator: scripted([calls(invoke('runtime'))]),
      operators: scripted([fails]),
      onEvent: (event) => event.type === 'coordinator.step' && gate.resolve(),
    });
    expect(await lab.run({ maxIterations: 1 })).toMatchObject({
      status: 'budget_exceeded',
      operators: [{ operator: 'runtime', status: 'failed' }],
    });
  });
});
