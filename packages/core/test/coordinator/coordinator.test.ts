import { describe, expect, test } from 'vitest';
import { fail } from '../../src/errors.ts';
import { calls, lastResults, never, scripted } from '../operator/scripted.ts';
import { createLab } from './lab.ts';
import { insight, invoke, leader, reporting } from './scripts.ts';

const timeoutMs = 10_000;

test('an investigation invokes operators, waits for them, and turns what they report into an insight', async () => {
  const model = leader([calls(['get_notifications']), calls(invoke('runtime'))], 1, [
    calls(['get_notifications']),
    (request) => calls(insight(request), ['done']),
  ]);
  const lab = await createLab({ coordinator: model, operators: scripted(reporting('blocked for 900 ms')) });
  const result = await lab.run({ context: { alert: 'p99', apiKey: 'sk-abcdefghijklmnop' } });
  expect(result).toMatchObject({
    schema: 'nodelens.investigation/1',
    status: 'completed',
    reason: 'slow requests',
    operators: [{ operator: 'runtime', skill: 'runtime', status: 'completed', iterations: 3 }],
    notifications: [{ operator: 'runtime', investigationId: result.id }],
  });
  expect(result.insights).toMatchObject([
    {
      investigationId: result.id,
      matchedObservations: ['blocked for 900 ms'],
      subjects: [{ kind: 'function', name: 'parseCatalogue', file: '/app/catalogue.js', line: 12 }],
    },
  ]);
  expect(result.usage).toMatchObject({
    calls: model.requests.length + 3,
    inputTokens: 100 * (model.requests.length + 3),
  });
  expect(new Set(lab.events.map((event) => event.investigationId))).toEqual(new Set([result.id]));
  expect(lab.events[0]).toMatchObject({ type: 'investigation.started', reason: 'slow requests' });
  expect(lab.events.at(-1)).toMatchObject({ type: 'investigation.finished', result: { id: result.id } });
  const opening = JSON.stringify(model.requests[0]?.messages);
  expect(opening).toMatch(/Reason: slow requests.*alert: p99/);
  expect(opening).not.toContain('sk-abcdefghijklmnop');
});

test('operators run in parallel, and a second start of a running one is told', async () => {
  const model = leader([calls(invoke('runtime', 'gc')), calls(invoke('gc'))], 2, [calls(['done'])]);
  const gate = Promise.withResolvers<ReturnType<typeof calls>>();
  const both = (): Promise<ReturnType<typeof calls>> => {
    waiting += 1;
    if (waiting === 2) gate.resolve(calls(['done']));
    return gate.promise;
  };
  let waiting = 0;
  const lab = await createLab({ coordinator: model, operators: scripted([both, both]) });
  expect(await lab.run()).toMatchObject({ status: 'completed', operators: [{}, {}] });
  expect(lastResults(model.requests[2] ?? expect.fail())).toMatchObject([
    { content: { alreadyRunning: ['gc'] } },
  ]);
});

describe('done', () => {
  test('is refused while operators run, and a wait wakes up when one has ended', async () => {
    const model = leader([calls(invoke('runtime'), ['done'], ['schedule', { ms: 1_000, reason: 'x' }])], 1, [
      calls(['done']),
    ]);
    const lab = await createLab({ coordinator: model, operators: scripted([calls(['done'])]) });
    expect(await lab.run()).toMatchObject({ status: 'completed' });
    expect(lastResults(model.requests[1] ?? expect.fail())).toMatchObject([
      { isError: false },
      { isError: true, content: { error: expect.stringMatching(/operators run \(runtime\).*wait/) } },
      { isError: true },
    ]);
  });

  test('is possible with unread notifications', async () => {
    const model = leader([calls(invoke('runtime'))], 1, [calls(['done'])]);
    const lab = await createLab({ coordinator: model, operators: scripted(reporting('blocked')) });
    expect(await lab.run()).toMatchObject({ status: 'completed', notifications: [{}], insights: [] });
  });
});

test('a notification and the end of its operator cost the model one turn', async () => {
  const model = leader([calls(invoke('runtime'))], 1, [calls(['done'])]);
  const lab = await createLab({ coordinator: model, operators: scripted(reporting('blocked')) });
  expect(await lab.run()).toMatchObject({ status: 'completed', notifications: [{}] });
  const waits = lab.events.filter((event) => event.type === 'coordinator.step' && event.tools[0] === 'wait');
  expect(waits).toHaveLength(1);
});

describe('an operator that fails', () => {
  test('is told to the model and in the result; what it reported is kept', async () => {
    const model = leader([calls(invoke('runtime'))], 1, [
      calls(['get_operator_statuses'], ['get_notifications']),
      calls(['done']),
    ]);
    const script = [
      ...reporting('blocked').slice(0, 2),
      fail('model_failed', { model: 'm', reason: 'no luck' }),
    ];
    const lab = await createLab({ coordinator: model, operators: scripted(script) });
    expect(await lab.run()).toMatchObject({
      status: 'completed',
      operators: [{ operator: 'runtime', status: 'failed', error: { code: 'model_failed' } }],
      notifications: [{ observation: 'blocked' }],
    });
    const last = model.requests.at(-1) ?? expect.fail();
    expect(JSON.stringify(last.messages).match(/did NOT complete/g)).toHaveLength(1);
    expect(JSON.stringify(last.messages)).toMatch(/Operator runtime did NOT complete \(failed: .*no luck/);
    expect(lastResults(last)[0]?.content).toMatchObject({ running: [], finished: [{ status: 'failed' }] });
    expect(lab.events).toContainEqual(
      expect.objectContaining({ type: 'operator.failed', operator: 'runtime' }),
    );
  });
});

test('a running operator answers a message of the coordinator', async () => {
  const answered = Promise.withResolvers<ReturnType<typeof calls>>();
  const asked = Promise.withResolvers<void>();
  const operators = scripted([
    () => {
      asked.resolve();
      return answered.promise;
    },
    () => {
      answered.resolve(calls(['done']));
      return { text: 'Nothing yet.' };
    },
  ]);
  const question = calls(['message_operator', { operator: 'runtime', message: 'What do you see?' }]);
  const model = leader([calls(invoke('runtime')), () => asked.promise.then(() => question)], 1, [
    calls(['done']),
  ]);
  const lab = await createLab({ coordinator: model, operators });
  expect(await lab.run()).toMatchObject({ status: 'completed' });
  expect(lastResults(model.requests[2] ?? expect.fail())).toMatchObject([
    { content: { response: 'Nothing yet.' } },
  ]);
});

test('the status tells what runs', async () => {
  const lab = await createLab({
    coordinator: leader([calls(invoke('runtime'))], 1, []),
    operators: scripted([...reporting('blocked').slice(0, 2), never]),
    onEvent: (event) => event.type === 'operator.notification' && notified.resolve(),
  });
  const notified = Promise.withResolvers<void>();
  const running = lab.run();
  await notified.promise;
  expect(await lab.coordinator.ask({ type: 'coordinator.status' }, { timeoutMs })).toMatchObject({
    running: true,
    queued: 0,
    notificationCount: 1,
    unreadCount: 1,
  });
  lab.coordinator.tell({ type: 'coordinator.cancel', reason: 'enough' });
  expect(await running).toMatchObject({
    status: 'cancelled',
    error: { message: expect.stringContaining('enough') },
  });
  expect(await lab.coordinator.ask({ type: 'coordinator.status' }, { timeoutMs })).toMatchObject({
    running: false,
  });
});
