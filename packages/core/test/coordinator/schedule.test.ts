import { ManualClock } from '@nodelens/testing';
import { expect, test } from 'vitest';
import type { InvestigationResult } from '../../src/coordinator/insight.ts';
import { calls, scripted } from '../operator/scripted.ts';
import { createLab, type Lab } from './lab.ts';

const schedule = calls(['schedule', { ms: 60_000, reason: 'is it still growing?' }]);
const done = calls(['done']);

interface Scheduled {
  readonly lab: Lab;
  readonly clock: ManualClock;
  /** The result of the n-th investigation, from 0. */
  finished(n: number): Promise<InvestigationResult>;
}

async function createScheduled(model: ReturnType<typeof scripted>): Promise<Scheduled> {
  const clock = new ManualClock();
  const results = Array.from({ length: 6 }, () => Promise.withResolvers<InvestigationResult>());
  let next = 0;
  const lab = await createLab({
    coordinator: model,
    operators: scripted([]),
    clock,
    onEvent: (event) => event.type === 'investigation.finished' && results[next++]?.resolve(event.result),
  });
  return { lab, clock, finished: async (n) => (await results[n]?.promise) ?? expect.fail() };
}

/** After the answer, the actor arms its timer in the same turn; a question makes sure that it has. */
const settled = (lab: Lab): Promise<unknown> =>
  lab.coordinator.ask({ type: 'coordinator.status' }, { timeoutMs: 10_000 });

test('a scheduled look ends the investigation and starts another one when its time has come', async () => {
  const model = scripted([schedule, done]);
  const { lab, clock, finished } = await createScheduled(model);
  const first = await lab.run({ context: { alert: 'heap' } });
  expect(first.status).toBe('completed');
  await settled(lab);
  clock.advance(60_000);
  expect(await finished(1)).toMatchObject({ status: 'completed', reason: 'is it still growing?' });
  expect((await finished(1)).id).not.toBe(first.id);
  expect(model.requests[1]?.messages).toMatchObject([
    { text: expect.stringMatching(/^Reason: is it still growing\?\nalert: heap\nTime limit: \d+ s$/) },
  ]);
});

test('an investigation that somebody asks for takes its place', async () => {
  const model = scripted([schedule, done]);
  const { lab, clock } = await createScheduled(model);
  await lab.run();
  await settled(lab);
  await lab.run({ reason: 'now' });
  await settled(lab);
  clock.advance(120_000);
  expect(await settled(lab)).toMatchObject({ running: false, queued: 0 });
  expect(model.requests).toHaveLength(2);
});

test('a coordinator that ends with its answer promises no look for later', async () => {
  const model = scripted([schedule, done]);
  const lab = await createLab({ coordinator: model, operators: scripted([]), isForOneRun: true });
  expect(await lab.run()).toMatchObject({ status: 'completed' });
  expect(model.requests).toHaveLength(2);
  expect(model.requests.at(-1)?.messages.at(-1)).toMatchObject({
    results: [{ isError: true, content: { error: expect.stringContaining('call done') } }],
  });
});

test('a chain of scheduled looks is bounded', async () => {
  const model = scripted([schedule, schedule, schedule, schedule, done]);
  const { lab, clock, finished } = await createScheduled(model);
  await lab.run();
  for (const n of [1, 2, 3]) {
    await settled(lab);
    clock.advance(60_000);
    await finished(n);
  }
  expect(model.requests.at(-1)?.messages.at(-1)).toMatchObject({
    results: [{ isError: true, content: { error: expect.stringContaining('call done') } }],
  });
});
