import { ManualClock } from '@nodelens/testing';
import { describe, expect, test } from 'vitest';
import { fail } from '../../src/errors.ts';
import type { JsonObject } from '../../src/json.ts';
import { calls, lastResults, never, type Scripted, scripted } from '../operator/scripted.ts';
import { fixtureModel } from '../operator/world.ts';
import { createLab, type Lab, skillNamed } from './lab.ts';
import { insight, invoke, leader, listed, reporting } from './scripts.ts';

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
    expect(JSON.stringify(last.messages)).toMatch(/Operator runtime did NOT complete \(failed: .*no luck/);
    expect(lastResults(last)[0]?.content).toMatchObject({ running: [], finished: [{ status: 'failed' }] });
    expect(lab.events).toContainEqual(
      expect.objectContaining({ type: 'operator.failed', operator: 'runtime' }),
    );
  });
});

describe('the tools tell the model what it did wrong', () => {
  test.each<[string, [string, JsonObject], RegExp]>([
    ['unknown operators', invoke('redis'), /No such operators: redis\. Available: runtime, gc/],
    ['no operators', invoke(), /at least one operator/],
    [
      'a message to one that does not run',
      ['message_operator', { operator: 'gc', message: 'hm?' }],
      /gc is not running/,
    ],
    [
      'unknown notifications',
      ['update_notification_statuses', { notification_ids: ['x'], status: 'resolved' }],
      /None of these/,
    ],
    [
      'a status that only code sets',
      ['update_notification_statuses', { notification_ids: ['x'], status: 'unread' }],
      /status: /,
    ],
    [
      'an insight from nothing',
      [
        'produce_insight',
        {
          notification_ids: ['x'],
          correlation_type: 'causal',
          summary: 's',
          hypothesis_grounded: false,
          confidence: 'low',
        },
      ],
      /do not exist: x/,
    ],
    [
      'an unknown correlation',
      [
        'produce_insight',
        {
          notification_ids: ['x'],
          correlation_type: 'magic',
          summary: 's',
          hypothesis_grounded: false,
          confidence: 'low',
        },
      ],
      /correlation_type: /,
    ],
    ['a schedule out of range', ['schedule', { ms: 1, reason: 'x' }], /ms: /],
    ['an unknown tool', ['resolve', {}], /no tool "resolve"/],
  ])('%s', async (_, call, message) => {
    const model = scripted([calls(call), calls(['done'])]);
    const lab = await createLab({ coordinator: model, operators: scripted([]) });
    expect(await lab.run()).toMatchObject({ status: 'completed' });
    expect(lastResults(model.requests[1] ?? expect.fail())).toMatchObject([
      { isError: true, content: { error: expect.stringMatching(message) } },
    ]);
  });

  test('an insight that is not grounded, and the repaired one is accepted', async () => {
    const model = leader([calls(invoke('runtime'))], 1, [
      calls(['get_notifications']),
      (request) =>
        calls(
          insight(request, { hypothesis_grounded: true, root_cause_hypothesis: 'parseCatalogue blocks.' }),
        ),
      (request) =>
        calls(insight(request, { root_cause_hypothesis: 'parseCatalogue blocks.' }), ['get_notifications']),
      calls(['done']),
    ]);
    const lab = await createLab({ coordinator: model, operators: scripted(reporting('blocked')) });
    const result = await lab.run();
    expect(result.insights).toMatchObject([
      { hypothesisGrounded: false, rootCauseHypothesis: 'parseCatalogue blocks.' },
    ]);
    expect(JSON.stringify(model.requests.at(-2)?.messages)).toContain('no independent support');
    expect(listed(model.requests.at(-1) ?? expect.fail())).toMatchObject([{ status: 'resolved' }]);
    expect(lab.events.filter((event) => event.type === 'insight.produced')).toHaveLength(1);
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

describe('the options of a run', () => {
  const idle = (): Promise<Lab> => createLab({ coordinator: scripted([]), operators: scripted([]) });

  test.each<[string, JsonObject, string, RegExp]>([
    ['an unknown skill', { skills: ['runtime', 'redis'] }, 'operator_unknown', /"redis".*runtime, gc/],
    ['no skills at all', { skills: [] }, 'option_invalid', /"skills"/],
    ['an empty reason', { reason: '' }, 'option_invalid', /"reason"/],
    ['an unknown option', { retries: 3 }, 'option_invalid', /"retries"/],
    ['a deadline in the past', { timeoutMs: 0 }, 'option_invalid', /"timeoutMs"/],
    ['half an iteration', { maxIterations: 0.5 }, 'option_invalid', /"maxIterations"/],
    ['a malformed id', { id: 'mine' }, 'option_invalid', /"id".*16 hex/],
  ])('with %s are rejected', async (_, options, code, message) => {
    const { run } = await idle();
    await expect(run(options)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('limit which operators are available, and set the id and the iterations', async () => {
    const model = scripted([calls(invoke('gc')), calls(['think', { thought: 'hm' }])]);
    const lab = await createLab({ coordinator: model, operators: scripted([]) });
    const result = await lab.run({ skills: ['runtime'], id: 'abcdefabcdef0123', maxIterations: 2 });
    expect(result).toMatchObject({
      id: 'abcdefabcdef0123',
      status: 'budget_exceeded',
      error: { code: 'run_iterations_exceeded', data: { maxIterations: 2 } },
    });
    expect(model.requests[0]?.system).toContain('- runtime: All about runtime');
    expect(model.requests[0]?.system).not.toContain('- gc:');
    expect(lastResults(model.requests[1] ?? expect.fail())).toMatchObject([{ isError: true }]);
  });

  test('two operators of one name are refused at the start', async () => {
    await expect(
      createLab({
        coordinator: scripted([]),
        operators: scripted([]),
        skills: [skillNamed('gc')],
        twice: true,
      }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('Two operators share the name "gc"'),
    });
  });
});

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
