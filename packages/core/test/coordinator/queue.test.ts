import { ManualClock } from '@nodelens/testing';
import { expect, test } from 'vitest';
import { type Clock, systemClock } from '../../src/actor/clock.ts';
import type { InvestigationResult } from '../../src/coordinator/insight.ts';
import { fail } from '../../src/errors.ts';
import { calls, never, scripted } from '../operator/scripted.ts';
import { createLab } from './lab.ts';

const done = calls(['done']);

test('investigations run one after the other, in order, each from a clean slate', async () => {
  const model = scripted([calls(['think', { thought: 'one' }]), done, done]);
  const lab = await createLab({ coordinator: model, operators: scripted([]) });
  const [first, second] = await Promise.all([lab.run({ reason: 'one' }), lab.run({ reason: 'two' })]);
  expect([first.status, second.status]).toEqual(['completed', 'completed']);
  expect(first.id).not.toBe(second.id);
  expect(model.requests[2]?.messages).toMatchObject([{ text: expect.stringMatching(/^Reason: two\nTime/) }]);
  const life = lab.events.filter((event) => event.type.startsWith('investigation.'));
  expect(life.map((event) => event.investigationId)).toEqual([first.id, first.id, second.id, second.id]);
});

test('one that is cancelled while it waits is answered at once; the running one goes on', async () => {
  const gate = Promise.withResolvers<typeof done>();
  const lab = await createLab({ coordinator: scripted([() => gate.promise]), operators: scripted([]) });
  const first = lab.run();
  const second = lab.run({ id: 'bbbbbbbbbbbbbbbb' });
  lab.coordinator.tell({
    type: 'coordinator.cancel',
    reason: 'not that one',
    investigationId: 'bbbbbbbbbbbbbbbb',
  });
  expect(await second).toMatchObject({ id: 'bbbbbbbbbbbbbbbb', status: 'cancelled', insights: [] });
  gate.resolve(done);
  expect(await first).toMatchObject({ status: 'completed' });
});

test('a cancel without an id ends the running one and all that wait', async () => {
  const lab = await createLab({ coordinator: scripted([never]), operators: scripted([]) });
  // Nothing runs yet: it has no effect on what comes.
  lab.coordinator.tell({ type: 'coordinator.cancel', reason: 'too early' });
  const all = [lab.run(), lab.run(), lab.run()];
  lab.coordinator.tell({ type: 'coordinator.cancel', reason: 'enough' });
  const results = await Promise.all(all);
  expect(results.map((result: InvestigationResult) => result.status)).toEqual([
    'cancelled',
    'cancelled',
    'cancelled',
  ]);
  expect(results[0]?.error?.message).toContain('enough');
});

test('each has its own deadline, which begins at its turn and ends with it', async () => {
  const clock = new ManualClock();
  const gate = Promise.withResolvers<typeof done>();
  const begun = Promise.withResolvers<void>();
  const lab = await createLab({
    coordinator: scripted([() => gate.promise, never]),
    operators: scripted([]),
    clock,
    onEvent: (event) =>
      event.type === 'investigation.started' && event.reason === 'second' && begun.resolve(),
  });
  const first = lab.run({ reason: 'first', timeoutMs: 1_000 });
  const second = lab.run({ reason: 'second', timeoutMs: 5_000 });
  clock.advance(900);
  gate.resolve(done);
  expect(await first).toMatchObject({ status: 'completed' });
  await begun.promise;
  // Past what was left of the first one's time, and of the second one's if it had begun with its asking.
  clock.advance(4_999);
  expect(await lab.coordinator.ask({ type: 'coordinator.status' }, { timeoutMs: 10_000 })).toMatchObject({
    running: true,
  });
  clock.advance(1);
  expect(await second).toMatchObject({ status: 'deadline_exceeded', durationMs: 5_000 });
});

test('a model that fails is asked again, then its asker is told, and who waits gets a turn', async () => {
  const pauses: number[] = [];
  const hasty: Clock = {
    ...systemClock,
    after: (ms, run) => {
      if (ms > 2_000) return systemClock.after(ms, run);
      pauses.push(ms);
      return systemClock.after(0, run);
    },
  };
  const overloaded = fail('model_overloaded', { model: 'm', reason: '529' });
  const model = scripted([overloaded, overloaded, overloaded, done]);
  const lab = await createLab({ coordinator: model, operators: scripted([]), clock: hasty });
  const [first, second] = await Promise.all([lab.run(), lab.run()]);
  expect(first).toMatchObject({ status: 'failed', error: { code: 'model_overloaded' } });
  expect(second).toMatchObject({ status: 'completed' });
  expect(pauses.filter((ms) => ms >= 1_000)).toEqual([1_000, 2_000]);
});

test('a full queue refuses, and what waits is not touched', async () => {
  const gate = Promise.withResolvers<typeof done>();
  const lab = await createLab({
    coordinator: scripted([() => gate.promise, done]),
    operators: scripted([]),
    limits: { maxQueued: 1 },
  });
  const accepted = [lab.run(), lab.run()];
  await expect(lab.run()).rejects.toMatchObject({ code: 'investigation_queue_full', data: { queued: 1 } });
  gate.resolve(done);
  expect((await Promise.all(accepted)).map((result) => result.status)).toEqual(['completed', 'completed']);
});

test('a stop of the coordinator answers all that were asked', async () => {
  const lab = await createLab({ coordinator: scripted([never]), operators: scripted([]) });
  const all = [lab.run(), lab.run()];
  await lab.coordinator.ask({ type: 'coordinator.status' }, { timeoutMs: 10_000 });
  await lab.world.host.stop(lab.coordinator);
  expect((await Promise.all(all)).map((result) => result.status)).toEqual(['cancelled', 'cancelled']);
});
