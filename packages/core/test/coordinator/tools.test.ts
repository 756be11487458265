import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/json.ts';
import { type Answer, calls, lastResults, never, scripted } from '../operator/scripted.ts';
import { createLab } from './lab.ts';
import { insight, invoke, leader, listed, reporting } from './scripts.ts';

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

test('resolved notifications are told in brief, and whole when they are asked for', async () => {
  const all = [undefined, 'resolved', 'unread'].map((status): [string, JsonObject] => [
    'get_notifications',
    { ...(status && { status }) },
  ]);
  const model = leader([calls(invoke('runtime'))], 1, [
    calls(['get_notifications']),
    ({ messages, ...request }) => {
      const [name, { matched_observations: _, ...args }] = insight({ messages, ...request });
      return calls([name, args]);
    },
    calls(...all),
    calls(['done']),
  ]);
  const lab = await createLab({ coordinator: model, operators: scripted(reporting('blocked')) });
  const { insights } = await lab.run();
  // What an insight is made of is matched as a whole when nothing is said.
  expect(insights).toMatchObject([{ matchedObservations: ['blocked'] }]);
  const [brief, whole, unread] = lastResults(model.requests.at(-1) ?? expect.fail());
  expect(brief?.content).toEqual([
    {
      id: expect.any(String),
      operator: 'runtime',
      type: 'runtime.event_loop_blocked',
      severity: 'critical',
      status: 'resolved',
    },
  ]);
  expect(whole?.content).toMatchObject([{ observation: 'blocked', status: 'resolved' }]);
  expect(unread?.content).toEqual([]);
});

test('of ids that do not all exist, those that do are updated and the others named', async () => {
  const model = leader([calls(invoke('runtime'))], 1, [
    calls(['get_notifications']),
    (request) => {
      const ids = [...listed(request).map(({ id }) => id), 'x'];
      const update = { notification_ids: ids, status: 'acknowledged' };
      return calls(
        ['update_notification_statuses', update],
        ['get_notifications', { status: 'acknowledged' }],
      );
    },
    calls(['done']),
  ]);
  const lab = await createLab({ coordinator: model, operators: scripted(reporting('blocked')) });
  await lab.run();
  const [updated, acknowledged] = lastResults(model.requests.at(-1) ?? expect.fail());
  expect(updated?.content).toMatchObject({ updated: [expect.any(String)], unknown: ['x'] });
  expect(acknowledged?.content).toMatchObject([{ observation: 'blocked' }]);
});

test('statuses tell how an operator is that runs', async () => {
  const seen = Promise.withResolvers<unknown>();
  const waits: Answer = (request) => {
    seen.resolve(lastResults(request)[0]?.content);
    return new Promise<never>(() => undefined);
  };
  const model = scripted([calls(invoke('runtime')), calls(['get_operator_statuses']), waits]);
  const lab = await createLab({ coordinator: model, operators: scripted([never]) });
  const running = lab.run();
  expect(await seen.promise).toMatchObject({
    running: [{ operator: 'runtime', alive: true, running: true, state: 'healthy', iteration: 0 }],
    finished: [],
  });
  lab.coordinator.tell({ type: 'coordinator.cancel', reason: 'seen' });
  expect(await running).toMatchObject({ status: 'cancelled' });
});
