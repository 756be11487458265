// The first message of a bare worker, and runs of an operator that find no warm thread: in a launcher whose threads are
// all gone, as in a system that has been at rest, and with nothing started at all (recorder, launcher and thread).
import { setTimeout as delay } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import { bareSpawn } from '../bare-spawn.ts';
import { importCore } from '../core.ts';
import { type Figures, type OpenGroup, timeOf } from '../group.ts';
import { counterSpec, emptySkill, model, operatorSpec } from '../subjects.ts';

const IDLE_MS = 20;
/** Threads that have been idle for IDLE_MS are gone by then. */
const GONE_MS = 250;

/** An actor that does nothing, in a thread of its own. */
async function actorStart(): Promise<Figures> {
  const { createThreadHost } = await importCore('actor/hosts/thread-host');
  const host = createThreadHost();
  const figures = await timeOf(() => host.start(counterSpec()));
  await host.close();
  return figures;
}

async function openLauncher() {
  const { startLauncher } = await importCore('actor/hosts/launcher-handle');
  const { connectHost } = await importCore('actor/hosts/remote-host');
  const { runOperator } = await importCore('operator/run');
  const launcher = startLauncher({
    // Who asks hears at once that nobody is there. Not before: a port whose other end is gone cannot be moved on.
    onConnect: (_service, port) => port.once('message', () => port.close()).unref(),
    pool: { idleTimeoutMs: IDLE_MS },
  });
  const { port1, port2 } = new MessageChannel();
  launcher.connect('launcher', port2);
  const host = connectHost(port1);
  const spec = await operatorSpec(model('createDone'));
  const options = { signal: new AbortController().signal, onEvent: () => {} };
  const run = async (): Promise<void> => {
    const request = { spec, investigationId: '0123456789abcdef', context: { reason: 'bench' } };
    const { status, error } = await runOperator(host, request, options);
    if (status !== 'completed') throw new Error(`a run ended ${status}: ${error?.message}`);
  };
  return {
    run,
    async close() {
      await host.close();
      await launcher.stop();
    },
  };
}

async function fromNothing(): Promise<Figures> {
  const { defineSkill, operator } = await importCore('index');
  const skill = defineSkill(emptySkill);
  return timeOf(() => operator.run(skill, { reason: 'bench' }, { model: model('createDone') }));
}

export const open: OpenGroup = async () => {
  const launcher = await openLauncher();
  // The launcher itself, and the modules on this side.
  await launcher.run();
  return {
    cases: [
      { name: 'bare', run: bareSpawn },
      { name: 'control', run: bareSpawn },
      { name: 'actor', run: actorStart },
      {
        name: 'operator',
        run: async () => {
          await delay(GONE_MS);
          return timeOf(launcher.run);
        },
      },
      { name: 'from-nothing', run: fromNothing },
    ],
    close: launcher.close,
  };
};
