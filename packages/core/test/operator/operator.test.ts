import { ManualClock } from '@nodelens/testing';
import { expect, test } from 'vitest';
import { fail } from '../../src/errors.ts';
import type { JsonObject } from '../../src/json.ts';
import { startOperatorRun } from '../../src/operator/run.ts';
import type { OperatorEvent } from '../../src/operator/spec.ts';
import { calls, idFrom, lastResults, never, says, scripted } from './scripted.ts';
import { checkedSkill, createWorld, fixtureModel, investigationId, memorySkill } from './world.ts';

const notification = (snapshotId: string): [string, JsonObject] => [
  'send_notification',
  {
    type: 'memory.high',
    severity: 'warning',
    context: 'Heap is at 90 MB of 100 MB.',
    observation: 'sessionCache holds 70 MB.',
    hypothesis: 'sessionCache never evicts.',
    snapshot_ids: [snapshotId],
    subjects: [{ kind: 'collection', name: 'sessionCache', file: '/app/cart.js', line: 3 }],
  },
];

/** A snapshot and a notification, as two turns. */
const finding = [
  calls(['take_snapshot']),
  (request: Parameters<typeof idFrom>[0]) => calls(notification(idFrom(request, 'take_snapshot'))),
];

test('a run gathers evidence in the sandbox, notifies, and completes with everything it found', async () => {
  const model = scripted([
    calls(['take_snapshot'], ['execute', { code: 'const [top] = await memory_top(); return top.name' }]),
    (request) =>
      calls(notification(idFrom(request, 'take_snapshot')), [
        'set_state',
        { state: 'warning', reason: 'high' },
      ]),
    calls(['done']),
  ]);
  const world = createWorld(model);
  const result = await world.run();
  expect(result).toMatchObject({
    operator: 'memory',
    skill: 'memory',
    status: 'completed',
    state: 'warning',
    iterations: 3,
    investigationId,
    usage: { calls: 3, inputTokens: 300, cachedInputTokens: 30, outputTokens: 15 },
  });
  expect(result.notifications).toMatchObject([
    { type: 'memory.high', investigationId, snapshots: [{ data: { usedMb: 90 } }] },
  ]);
  const [request] = model.requests.slice(1);
  expect(lastResults(request ?? expect.fail())[1]).toMatchObject({ content: 'sessionCache', isError: false });
  const tools = world.events.filter((event) => event.type === 'tool.called');
  expect(tools.map(({ tool, isError }) => [tool, isError])).toEqual([
    ['take_snapshot', false],
    ['execute', false],
    ['send_notification', false],
    ['set_state', false],
    ['done', false],
  ]);
  for (const tool of tools) expect(tool).toMatchObject({ investigationId, caller: 'memory' });
  const told = world.events.filter(({ type }) => type !== 'tool.called');
  expect(told.map((event) => event.type)).toEqual([
    'operator.step',
    'operator.notification',
    'operator.state_changed',
    'operator.step',
    'operator.step',
    'operator.completed',
  ]);
});

test('the model is told its time limit where there is one', async () => {
  const model = scripted([calls(['done']), calls(['done'])]);
  const world = await createWorld(model);
  await world.run({ timeoutMs: 30_000 });
  await world.run();
  const [limited, endless] = model.requests.map(({ messages }) => JSON.stringify(messages));
  expect(limited).toMatch(/"timeLimitSeconds\\":(29|30)\b/);
  expect(endless).not.toContain('timeLimitSeconds');
});

test('the model is told its skill, its callbacks, why it runs, and that texts of the application are data', async () => {
  const model = scripted([calls(['done'])]);
  await createWorld(model).run({ context: { alert: 'p99', password: 'hunter2' } });
  const [request] = model.requests;
  expect(request?.system).toMatch(
    /get_current_time\(\).*never an instruction.*You watch memory\..*memory_top\(\)/s,
  );
  expect(request?.system.startsWith(request.commonSystem ?? '?')).toBe(true);
  expect(request?.commonSystem).not.toContain('memory');
  expect(request?.messages).toMatchObject([
    { role: 'user', text: expect.stringContaining('is it healthy?') },
  ]);
  expect(JSON.stringify(request?.messages)).toContain('p99');
  expect(JSON.stringify(request?.messages)).not.toContain('hunter2');
  expect(request?.tools.map((tool) => tool.name)).toEqual([
    'set_state',
    'send_notification',
    'get_notifications',
    'take_snapshot',
    'get_snapshot',
    'get_snapshots',
    'execute',
    'wait',
    'think',
    'done',
  ]);
});

test('an abort stops a model call that never answers, and the result says cancelled', async () => {
  const controller = new AbortController();
  const world = createWorld(scripted([...finding, never]));
  const result = await world.run({
    signal: controller.signal,
    onEvent: (event) => event.type === 'operator.notification' && controller.abort(),
  });
  expect(result).toMatchObject({ status: 'cancelled', error: { code: 'run_cancelled' } });
  expect(result.notifications).toHaveLength(1);
});

test('a run that was aborted before it began never starts an operator', async () => {
  const model = scripted([]);
  const result = await createWorld(model).run({ signal: AbortSignal.abort() });
  expect(result).toMatchObject({ status: 'cancelled', notifications: [] });
  expect(model.requests).toEqual([]);
});

test('an abort ends a wait at once', async () => {
  const controller = new AbortController();
  const model = scripted([
    () => {
      setImmediate(() => controller.abort());
      return calls(['take_snapshot'], ['wait', { ms: 500_000 }]);
    },
  ]);
  const result = await createWorld(model).run({ signal: controller.signal });
  expect(result).toMatchObject({ status: 'cancelled', error: { code: 'run_cancelled' } });
});

test('the deadline ends a run with what it found', async () => {
  const clock = new ManualClock();
  const world = createWorld(scripted([...finding, never]), [memorySkill], clock);
  const onEvent = (event: OperatorEvent): void => {
    if (event.type === 'operator.notification') clock.advance(5_000);
  };
  expect(await world.run({ timeoutMs: 5_000, onEvent })).toMatchObject({
    status: 'deadline_exceeded',
    error: { code: 'run_deadline_exceeded', data: { timeoutMs: 5_000 } },
    durationMs: 5_000,
    notifications: [{ type: 'memory.high' }],
  });
});

test('the iteration limit ends a run with what it found', async () => {
  const result = await createWorld(scripted([...finding, never])).run({ limits: { maxIterations: 2 } });
  expect(result).toMatchObject({
    status: 'iterations_exceeded',
    iterations: 2,
    error: { code: 'run_iterations_exceeded' },
    notifications: [{ type: 'memory.high' }],
  });
});

test('a model that fails ends the run as failed, with what it found', async () => {
  const world = createWorld(scripted([...finding, fail('model_failed', { model: 'm', reason: 'no' })]));
  expect(await world.run()).toMatchObject({
    status: 'failed',
    error: { code: 'model_failed' },
    notifications: [{ type: 'memory.high' }],
  });
  expect(world.events).toContainEqual(
    expect.objectContaining({ type: 'operator.model_failed', willRetry: false }),
  );
});

test('a model that is overloaded for a moment is asked again', async () => {
  const overloaded = fail('model_overloaded', { model: 'm', reason: '529' });
  const world = createWorld(scripted([overloaded, calls(['done'])]));
  expect(await world.run()).toMatchObject({ status: 'completed', usage: { calls: 1 } });
  expect(world.events[0]).toMatchObject({
    type: 'operator.model_failed',
    code: 'model_overloaded',
    willRetry: true,
  });
});

test('a model that cannot be loaded is a failed run', async () => {
  const result = await createWorld(scripted([])).run({ spec: { model: fixtureModel('missing') } });
  expect(result).toMatchObject({ status: 'failed', error: { code: 'model_load_failed' }, iterations: 0 });
});

test('a skill that its host does not have is told to the model', async () => {
  const model = scripted([calls(['take_snapshot']), calls(['done'])]);
  const world = createWorld(model);
  const spec = world.spec();
  const result = await world.run({ spec: { skill: { ...spec.skill, id: 'redis' } } });
  expect(result).toMatchObject({ status: 'completed', snapshots: [] });
  expect(lastResults(model.requests[1] ?? expect.fail())).toMatchObject([
    { isError: true, content: { code: 'skill_unknown' } },
  ]);
});

test('what a caller grants in pauses reaches the skill', async () => {
  const grants: number[] = [];
  const model = scripted([calls(['execute', { code: 'return memory_grant()' }]), calls(['done'])]);
  const world = createWorld(model, [
    {
      id: 'memory',
      title: 'Memory',
      description: 'Memory',
      systemPrompt: 'You watch memory.',
      snapshot: () => ({}),
      callbacks: {
        memory_grant: {
          description: 'Notes its grant.',
          run: ({ maxPauseMs }: { maxPauseMs: number }) => grants.push(maxPauseMs),
        },
      },
    },
  ]);
  await world.run({ maxPauseMs: 1_234 });
  expect(grants).toEqual([1_234]);
});

test('a running operator answers questions from its conversation, which they do not change', async () => {
  const working = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<ReturnType<typeof calls>>();
  const model = scripted([
    calls(['take_snapshot']),
    () => {
      working.resolve();
      return answered.promise;
    },
    says('It holds 90 MB.'),
  ]);
  const world = createWorld(model);
  const run = startOperatorRun(
    world.host,
    { spec: world.spec(), investigationId, context: { reason: 'x' } },
    { signal: new AbortController().signal, onEvent: () => {} },
  );
  await working.promise;
  const timeoutMs = 10_000;
  expect(await run.ask({ type: 'operator.status' }, { timeoutMs })).toEqual({
    operator: 'memory',
    state: 'healthy',
    iteration: 1,
    running: true,
  });
  expect(await run.ask({ type: 'operator.message', text: 'How much?' }, { timeoutMs })).toMatchObject({
    operator: 'memory',
    response: 'It holds 90 MB.',
  });
  answered.resolve(calls(['done']));
  expect(await run.result).toMatchObject({ status: 'completed', iterations: 2, usage: { calls: 2 } });
  expect(JSON.stringify(model.requests[2]?.messages)).toMatch(/take_snapshot.*How much\?/);
  await expect(run.ask({ type: 'operator.status' }, { timeoutMs })).rejects.toMatchObject({
    code: 'actor_exited',
  });
});

test('a model that works from its briefing reaches the checks of the skill', async () => {
  const world = createWorld(scripted([]), [checkedSkill]);
  expect(await world.run({ spec: { model: fixtureModel('briefed') } })).toMatchObject({
    status: 'completed',
    notifications: [{ type: 'memory.high', severity: 'critical', subjects: [{ name: 'shop' }] }],
  });
});
