import { ManualClock } from '@nodelens/testing';
import { expect, test } from 'vitest';
import { startOperatorRun } from '../../src/operator/run.ts';
import { scripted } from './scripted.ts';
import { createWorld, fixtureModel, investigationId, memorySkill } from './world.ts';

test('the deadline does not wait for a model that is never loaded', async () => {
  const clock = new ManualClock();
  const world = createWorld(scripted([]), [memorySkill], clock);
  const spec = world.spec({ model: fixtureModel('neverLoads') });
  const request = { spec, investigationId, context: { reason: 'x' }, timeoutMs: 5_000 };
  const options = { signal: new AbortController().signal, onEvent: () => undefined };
  const run = startOperatorRun(world.host, request, options);
  await run.ask({ type: 'operator.status' }, { timeoutMs: 10_000 });
  clock.advance(5_000);
  expect(await run.result).toMatchObject({ status: 'deadline_exceeded', iterations: 0 });
});
