// From the kill of a supervised child to its being ready again, without backoff, against the spawn of a bare worker.
import { once } from 'node:events';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { ActorRef } from '../../../packages/core/src/actor/messages/ref.ts';
import type { ChildSpec } from '../../../packages/core/src/actor/supervision/child-spec.ts';
import { bareSpawn } from '../bare-spawn.ts';
import { importCore } from '../core.ts';
import { type Figures, type OpenGroup, timeOf } from '../group.ts';
import { counterSpec, threadOptions, waitingOperator, workerFile } from '../subjects.ts';

let bare: Worker | undefined;

/** The same with bare workers: one is ended, then the next is started. */
async function endAndSpawn(): Promise<Figures> {
  const options = await threadOptions();
  bare ??= new Worker(workerFile('bare'), options);
  return timeOf(async () => {
    await bare?.terminate();
    bare = new Worker(workerFile('bare'), options);
    await once(bare, 'message');
  });
}

async function supervised(spec: ChildSpec, services: readonly string[] = []) {
  const { Supervisor } = await importCore('actor/supervision/supervisor');
  const { createThreadHost } = await importCore('actor/hosts/thread-host');
  const host = createThreadHost();
  const given: MessagePort[] = [];
  let onStarted: (ref: ActorRef) => void = () => {};
  let running: ActorRef | undefined;
  const supervisor = new Supervisor({
    id: 'bench',
    host,
    maxRestarts: 1_000_000,
    backoff: { initialMs: 0 },
    prepare: () =>
      Object.fromEntries(
        services.map((service) => {
          const { port1, port2 } = new MessageChannel();
          given.push(port1);
          return [service, port2];
        }),
      ),
    onEvent: (event) => {
      if (event.type === 'child.started' && event.ref !== undefined) onStarted(event.ref);
    },
  });
  onStarted = (ref) => {
    running = ref;
  };
  await supervisor.start([spec]);
  return {
    restart: (): Promise<Figures> =>
      timeOf(async () => {
        const { promise, resolve } = Promise.withResolvers<void>();
        onStarted = (ref) => {
          running = ref;
          resolve();
        };
        if (running !== undefined) void host.kill(running);
        await promise;
      }),
    async close() {
      await supervisor.stop();
      await host.close();
      for (const port of given) port.close();
    },
  };
}

export const open: OpenGroup = async () => {
  const counter = await supervised(counterSpec());
  const operator = await supervised(await waitingOperator(), ['main-skills', 'sandbox']);
  return {
    cases: [
      { name: 'bare', run: bareSpawn },
      { name: 'control', run: bareSpawn },
      { name: 'end-and-spawn', run: endAndSpawn },
      { name: 'actor', run: counter.restart },
      { name: 'operator', run: operator.restart },
    ],
    async close() {
      await counter.close();
      await operator.close();
      await bare?.terminate();
    },
  };
};
