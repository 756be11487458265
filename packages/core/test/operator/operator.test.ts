import { expect, test } from 'vitest';
import type { JsonObject } from '../../src/json.ts';
import { calls, idFrom, lastResults, never, scripted } from './scripted.ts';
import { createWorld } from './world.ts';

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
    investigationId: '00000000000000aa',
    usage: { calls: 3, inputTokens: 300, cachedInputTokens: 30, outputTokens: 15 },
  });
  expect(result.notifications).toMatchObject([
    { type: 'memory.high', investigationId: '00000000000000aa', snapshots: [{ data: { usedMb: 90 } }] },
  ]);
  expect(lastResults(model.requests[1] ?? expect.fail())[1]).toMatchObject({
    content: 'sessionCache',
    isError: false,
  });
  expect(world.events.map((event) => event.type)).toEqual([
    'operator.step',
    'operator.notification',
    'operator.state_changed',
    'operator.step',
    'operator.step',
    'operator.completed',
  ]);
});

test('an abort stops a model call that never answers, and the result says cancelled', async () => {
  const controller = new AbortController();
  const world = createWorld(scripted([calls(['take_snapshot']), never]));
  const result = await world.run({
    signal: controller.signal,
    onEvent: (event) => event.type === 'operator.step' && controller.abort(),
  });
  expect(result).toMatchObject({ status: 'cancelled', iterations: 1, error: { code: 'run_cancelled' } });
  expect(result.snapshots).toHaveLength(1);
});
