import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/json.ts';
import type { ModelRequest } from '../../src/llm/model.ts';
import { calls, idFrom, lastResults, scripted } from '../operator/scripted.ts';
import { createLab } from './lab.ts';

/** An operator's script: one snapshot, one notification, done; whatever its skill is. */
const reporting = (observation: string): Parameters<typeof scripted>[0] => [
  calls(['take_snapshot']),
  (request) =>
    calls(['send_notification', notification(idFrom(request, 'take_snapshot'), observation)], ['done']),
];

const notification = (snapshotId: string, observation: string): JsonObject => ({
  type: 'runtime.event_loop_blocked',
  severity: 'critical',
  context: 'The event loop stands still.',
  observation,
  hypothesis: 'parseCatalogue blocks it.',
  snapshot_ids: [snapshotId],
  subjects: [{ kind: 'function', name: 'parseCatalogue', file: '/app/catalogue.js', line: 12 }],
});

const notificationsIn = (request: ModelRequest): readonly { id: string; observation: string }[] => {
  const results = request.messages.flatMap((message) => (message.role === 'tool' ? message.results : []));
  const content: JsonValue | undefined = results.findLast((r) => r.name === 'get_notifications')?.content;
  return content as unknown as { id: string; observation: string }[];
};

const insight = (request: ModelRequest, overrides: JsonObject = {}): [string, JsonObject] => [
  'produce_insight',
  {
    notification_ids: notificationsIn(request).map((n) => n.id),
    correlation_type: 'symptomatic',
    summary: 'parseCatalogue stands on the stack.',
    matched_observations: notificationsIn(request).map((n) => n.observation),
    hypothesis_grounded: false,
    confidence: 'medium',
    ...overrides,
  },
];

test('an investigation invokes an operator, waits for it, and turns its notification into an insight', async () => {
  const model = scripted([
    calls(['get_notifications']),
    calls(['invoke_operators', { operators: ['runtime'] }], ['wait', { ms: 20_000 }]),
    calls(['wait', { ms: 20_000 }]),
    calls(['get_notifications']),
    (request) => calls(insight(request), ['done']),
  ]);
  const lab = await createLab({ coordinator: model, operators: scripted(reporting('blocked for 900 ms')) });
  const result = await lab.run();
  expect(result).toMatchObject({
    schema: 'nodelens.investigation/1',
    status: 'completed',
    reason: 'slow requests',
    operators: [{ operator: 'runtime', status: 'completed', iterations: 2 }],
    usage: { calls: 7, inputTokens: 700 },
  });
  expect(result.insights).toMatchObject([
    {
      investigationId: result.id,
      matchedObservations: ['blocked for 900 ms'],
      subjects: [{ kind: 'function', name: 'parseCatalogue', file: '/app/catalogue.js', line: 12 }],
    },
  ]);
  expect(result.notifications).toMatchObject([{ investigationId: result.id, operator: 'runtime' }]);
  expect(new Set(lab.events.map((event) => event.investigationId))).toEqual(new Set([result.id]));
  expect(lab.events.at(-1)).toMatchObject({ type: 'investigation.finished' });
  expect(lastResults(model.requests[2] ?? expect.fail())).toHaveLength(2);
});
