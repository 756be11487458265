// One life of a continuous operator: it begins when it is told to, tells what its resident must know, and ends.
import { expect, onTestFinished, test } from 'vitest';
import type { ActorRef } from '../../src/actor/messages/ref.ts';
import { asJson, type JsonObject } from '../../src/json.ts';
import { emptyMemory, type Memory, remember } from '../../src/operator/memory.ts';
import { operatorNeeds } from '../../src/operator/run.ts';
import type { OperatorEvent, OperatorRunResult, RoundEnded } from '../../src/operator/spec.ts';
import { type Answer, calls, idFrom, never, scripted } from './scripted.ts';
import { createWorld, investigationId, type World } from './world.ts';

type Told = OperatorEvent | RoundEnded;

async function startOperator(world: World, onEvent: (event: Told) => void): Promise<ActorRef> {
  const spec = world.spec({ mode: 'continuous' });
  const actor = await world.host.start({
    id: 'memory',
    module: new URL('../../src/operator/operator.ts', import.meta.url).href,
    exportName: 'createOperator',
    input: asJson({ spec, investigationId, context: { reason: 'watch' } }) as JsonObject,
    restart: 'transient',
    placement: 'thread',
    ...operatorNeeds(spec),
  });
  onTestFinished(() => world.host.stop(actor));
  actor.onEvent((event) => onEvent(event as unknown as Told));
  return actor;
}

const begin = (actor: ActorRef, memory: Memory = emptyMemory): void =>
  actor.tell(
    asJson({ type: 'operator.begin', runId: investigationId, memory, wokenBy: 'check memory.high' }),
  );

interface Life {
  readonly result: OperatorRunResult;
  readonly ended: RoundEnded;
}

async function live(world: World, memory?: Memory): Promise<Life> {
  const told: Told[] = [];
  const actor = await startOperator(world, (event) => told.push(event));
  begin(actor, memory);
  expect(await actor.exited).toMatchObject({ kind: 'normal' });
  const [completed, ended] = told.slice(-2);
  if (completed?.type !== 'operator.completed' || ended?.type !== 'operator.round_ended')
    throw new Error('its last words are missing');
  return { result: completed.result, ended };
}

const notify = (severity: string): Answer[] => [
  calls(['take_snapshot']),
  (request) =>
    calls([
      'send_notification',
      {
        type: 'memory.high',
        severity,
        context: 'Heap is high.',
        observation: 'sessionCache is large.',
        snapshot_ids: [idFrom(request, 'take_snapshot')],
        subjects: [{ kind: 'collection', name: 'sessionCache' }],
      },
    ]),
  calls(['done']),
];

test('what its memory knows is not reported again but confirmed, and the model is told of it', async () => {
  const first = await live(createWorld(scripted(notify('warning'))));
  expect(first.ended).toMatchObject({ confirmed: [] });
  const [found] = first.result.notifications;
  if (found === undefined) throw new Error('nothing was reported');
  const memory = remember(emptyMemory, found, { nowMs: Date.now(), causes: [] });

  const model = scripted(notify('warning'));
  const second = await live(createWorld(model), memory);
  expect(second).toMatchObject({ result: { notifications: [] }, ended: { confirmed: [found.id] } });
  const opening = JSON.stringify(model.requests[0]?.messages[0]);
  expect(opening).toContain(found.id);
  expect(opening).toContain('check memory.high');

  const third = await live(createWorld(scripted(notify('critical'))), memory);
  expect(third.result.notifications).toMatchObject([{ severity: 'critical' }]);
});

test('the same is reported once in a round as well, unless it has become worse', async () => {
  const [look, warn, done] = notify('warning');
  const [, alarm] = notify('critical');
  const said = [look, warn, warn, alarm, done].filter((answer) => answer !== undefined);
  const { result } = await live(createWorld(scripted(said)));
  expect(result.notifications.map(({ severity }) => severity)).toEqual(['warning', 'critical']);
});

test('a wait as long as the pause between rounds ends the round and is passed on', async () => {
  const { result, ended } = await live(
    createWorld(scripted([calls(['take_snapshot'], ['wait', { ms: 60_000 }])])),
  );
  expect(result).toMatchObject({ status: 'completed', snapshots: [{}] });
  expect(ended.askedWaitMs).toBe(60_000);
});

test('a failed round is told, and it ends as after a good one', async () => {
  expect(await live(createWorld(scripted([new Error('no')])))).toMatchObject({
    result: { status: 'failed' },
    ended: { confirmed: [] },
  });
});

test('a stop ends a round in the middle and tells its result', async () => {
  const working = Promise.withResolvers<void>();
  const results: OperatorRunResult[] = [];
  const world = createWorld(scripted([calls(['take_snapshot']), never]));
  const actor = await startOperator(world, (event) => {
    if (event.type === 'operator.step') working.resolve();
    if (event.type === 'operator.completed') results.push(event.result);
  });
  begin(actor);
  await working.promise;
  await world.host.stop(actor);
  expect(results).toMatchObject([{ status: 'cancelled', snapshots: [{}] }]);
  expect(await actor.exited).toMatchObject({ kind: 'shutdown' });
});
