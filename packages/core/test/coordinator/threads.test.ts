// A coordinator on a thread of its own, its operators on pooled threads: as an investigation over the control socket.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createPlacementHost } from '../../src/actor/hosts/placement-host.ts';
import { serveHost } from '../../src/actor/hosts/served-host.ts';
import type { Connect } from '../../src/actor/hosts/services.ts';
import type { ActorRef } from '../../src/actor/messages/ref.ts';
import type { InvestigationResult } from '../../src/coordinator/insight.ts';
import { defaultCoordinatorLimits } from '../../src/coordinator/spec.ts';
import { asJson, type JsonObject } from '../../src/json.ts';
import { triage } from '../../src/llm/references.ts';
import type { ModelChoice } from '../../src/operator/spec.ts';
import { scripted } from '../operator/scripted.ts';
import { createWorld, fixtureModel } from '../operator/world.ts';
import { skillNamed } from './lab.ts';

interface Started {
  readonly coordinator: ActorRef;
  /** The coordinator's connection to its launcher, at the launcher's end. */
  readonly launcher: MessagePort;
}

async function start(models: { readonly [operator: string]: ModelChoice }): Promise<Started> {
  const world = createWorld(scripted([]), Object.keys(models).map(skillNamed));
  const connect: Connect = (service, port) =>
    service === 'launcher' ? void serveHost(port, host) : world.connect(service, port);
  const host = createPlacementHost({ connect });
  onTestFinished(() => host.close());
  const { port1, port2 } = new MessageChannel();
  serveHost(port1, host);
  const operators = Object.entries(models).map(([name, model]) => world.spec({ name, model }));
  const coordinator = await host.start(
    {
      id: 'coordinator',
      module: new URL('../../src/coordinator/coordinator.ts', import.meta.url).href,
      exportName: 'createCoordinator',
      input: asJson({ operators, model: triage(), limits: defaultCoordinatorLimits }) as JsonObject,
      restart: 'temporary',
      placement: 'thread',
    },
    { launcher: port2 },
  );
  return { coordinator, launcher: port1 };
}

const run = async (coordinator: ActorRef): Promise<InvestigationResult> => {
  const command = { type: 'coordinator.run', request: { reason: 'slow', timeoutMs: 60_000 } };
  return (await coordinator.ask(command, { timeoutMs: 70_000 })) as unknown as InvestigationResult;
};

test('operators that die in the middle are marked as failed; what all of them reported is correlated', async () => {
  const { coordinator } = await start({
    runtime: fixtureModel('exits'),
    gc: fixtureModel('throws'),
    memory: triage(),
  });
  const result = await run(coordinator);
  expect(result).toMatchObject({ status: 'completed', notifications: [{}, {}], insights: [{}] });
  // Two operators are at work at the same time: whose comes first is not settled.
  expect(result.insights[0]?.notificationIds.toSorted()).toEqual(
    result.notifications.map(({ id }) => id).toSorted(),
  );
  const byName = Object.fromEntries(result.operators.map((operator) => [operator.operator, operator]));
  expect(byName).toMatchObject({
    runtime: { status: 'failed', error: { code: 'actor_exited' } },
    gc: { status: 'failed', error: { code: 'actor_exited' } },
    memory: { status: 'completed' },
  });
});

test('what an operator never read is told as a dead letter', async () => {
  const { coordinator } = await start({ runtime: fixtureModel('loops') });
  const letters: JsonObject[] = [];
  coordinator.onEvent((event) => {
    const { type } = event as JsonObject;
    if (type === 'operator.notification') coordinator.tell({ type: 'coordinator.cancel', reason: 'enough' });
    if (type === 'actor.dead_letter') letters.push(event as JsonObject);
  });
  expect(await run(coordinator)).toMatchObject({ status: 'cancelled' });
  await vi.waitUntil(() => letters.length > 0);
  expect(letters).toMatchObject([{ messageType: 'operator.cancel', count: 1 }]);
});

test('a coordinator that loses its launcher answers with what was found, and ends as failed', async () => {
  const { coordinator, launcher } = await start({ runtime: fixtureModel('loops') });
  coordinator.onEvent((event) => {
    if ((event as JsonObject).type === 'operator.notification') launcher.close();
  });
  expect(await run(coordinator)).toMatchObject({ notifications: [{ operator: 'runtime' }] });
  expect(await coordinator.exited).toMatchObject({ kind: 'failed', error: { code: 'host_closed' } });
});
