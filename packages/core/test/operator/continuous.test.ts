import { expect, onTestFinished, test } from 'vitest';
import type { ActorRef } from '../../src/actor/ref.ts';
import { asJson, type JsonObject } from '../../src/json.ts';
import { operatorNeeds } from '../../src/operator/run.ts';
import type { OperatorEvent, OperatorRunResult } from '../../src/operator/spec.ts';
import { type Answer, calls, idFrom, never, scripted } from './scripted.ts';
import { createWorld, investigationId, memorySkill, type World } from './world.ts';

/** A continuous operator with the shortest pause between rounds. */
async function startContinuous(world: World, onEvent: (event: OperatorEvent) => void): Promise<ActorRef> {
  const spec = world.spec({ mode: 'continuous' }, { roundEveryMs: 1 });
  const actor = await world.host.start({
    id: 'memory',
    module: new URL('../../src/operator/operator.ts', import.meta.url).href,
    exportName: 'createOperator',
    input: asJson({ spec, investigationId, context: { reason: 'watch' } }) as JsonObject,
    restart: 'permanent',
    placement: 'thread',
    ...operatorNeeds(spec),
  });
  onTestFinished(() => world.host.stop(actor));
  actor.onEvent((event) => onEvent(event as unknown as OperatorEvent));
  return actor;
}

/** Results of that many rounds. */
async function rounds(world: World, count: number): Promise<OperatorRunResult[]> {
  const { promise, resolve } = Promise.withResolvers<OperatorRunResult[]>();
  const results: OperatorRunResult[] = [];
  await startContinuous(world, (event) => {
    if (event.type === 'operator.completed') results.push(event.result);
    if (results.length === count) resolve(results);
  });
  return promise;
}

const notify = (severity: string, name = 'sessionCache'): Answer[] => [
  calls(['take_snapshot']),
  (request) =>
    calls([
      'send_notification',
      {
        type: 'memory.high',
        severity,
        context: 'Heap is high.',
        observation: `${name} is large (${severity}).`,
        snapshot_ids: [idFrom(request, 'take_snapshot')],
        subjects: [{ kind: 'collection', name }],
      },
    ]),
  calls(['done']),
];

test('the same finding is notified once, until its severity rises or it is about something else', async () => {
  const model = scripted([
    ...notify('warning'),
    ...notify('warning'),
    ...notify('critical'),
    ...notify('warning'),
    ...notify('warning', 'cartCache'),
    never,
  ]);
  const results = await rounds(createWorld(model), 5);
  expect(results.map((result) => result.notifications.map((n) => n.observation))).toEqual([
    ['sessionCache is large (warning).'],
    [],
    ['sessionCache is large (critical).'],
    [],
    ['cartCache is large (warning).'],
  ]);
  const opening = (round: number): unknown => model.requests[3 * round]?.messages[0];
  expect(opening(0)).not.toMatchObject({ text: expect.stringContaining('reportedInEarlierRounds') });
  expect(opening(1)).toMatchObject({ text: expect.stringContaining('sessionCache is large') });
  expect(model.requests[5]?.messages.at(-1)).toMatchObject({ results: [{ content: { sent: false } }] });
});

test('a wait as long as the pause between rounds ends the round, and the next one starts from a clean slate', async () => {
  const model = scripted([calls(['take_snapshot'], ['wait', { ms: 60_000 }]), calls(['done']), never]);
  const results = await rounds(createWorld(model), 2);
  expect(results).toMatchObject([
    { status: 'completed', snapshots: [{}] },
    { status: 'completed', snapshots: [] },
  ]);
  expect(model.requests[1]?.messages).toHaveLength(1);
});

test('a failed round is told, and the next one follows', async () => {
  const results = await rounds(createWorld(scripted([new Error('no'), calls(['done']), never])), 2);
  expect(results.map((result) => result.status)).toEqual(['failed', 'completed']);
});

test('as long as the checks of its skill find nothing, the model is not asked', async () => {
  const looks: number[] = [];
  const histories: number[] = [];
  const check = {
    id: 'memory.high',
    when: ({ look }: JsonObject, history: readonly JsonObject[]) => {
      histories.push(history.length);
      return look === 3 ? { look } : undefined;
    },
    investigate: 'return null',
    conclude: () => undefined,
  };
  const snapshot = (): JsonObject => ({ look: looks.push(0) });
  const model = scripted([calls(['done']), never]);
  await rounds(createWorld(model, [{ ...memorySkill, snapshot, checks: [check] }]), 1);
  expect(looks).toHaveLength(3);
  expect(histories).toEqual([0, 1, 2]);
});

test('a stop ends a round in the middle and tells its result', async () => {
  const world = createWorld(scripted([calls(['take_snapshot']), never]));
  const working = Promise.withResolvers<void>();
  const results: OperatorRunResult[] = [];
  const actor = await startContinuous(world, (event) => {
    if (event.type === 'operator.step') working.resolve();
    if (event.type === 'operator.completed') results.push(event.result);
  });
  await working.promise;
  await world.host.stop(actor);
  expect(results).toMatchObject([{ status: 'cancelled', snapshots: [{}] }]);
  expect(await actor.exited).toMatchObject({ kind: 'shutdown' });
});
