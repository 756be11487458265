// A hundred questions at a time: the least with ids, comlink, an actor.
import type { Worker } from 'node:worker_threads';
import { comlinkEcho } from '../comlink.ts';
import { importCore } from '../core.ts';
import { type OpenGroup, timeOf } from '../group.ts';
import { counterSpec, startWorker } from '../subjects.ts';

const OUTSTANDING = 100;
const TURNS = 20;

function rawAsk(worker: Worker): (message: { n: number }) => Promise<unknown> {
  const waiting = new Map<number, (value: unknown) => void>();
  worker.on('message', (value: { n: number }) => {
    waiting.get(value.n)?.(value);
    waiting.delete(value.n);
  });
  return (message) =>
    new Promise((resolve) => {
      waiting.set(message.n, resolve);
      worker.postMessage(message);
    });
}

async function atOnce(ask: (message: { type: string; n: number }) => Promise<unknown>): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1)
    await Promise.all(Array.from({ length: OUTSTANDING }, (_, n) => ask({ type: 'echo', n })));
}

export const open: OpenGroup = async () => {
  const { createThreadHost } = await importCore('actor/hosts/thread-host');
  const raw = await startWorker('echo');
  const [comlink, control] = [await comlinkEcho(), await comlinkEcho()];
  const host = createThreadHost();
  const ref = await host.start(counterSpec());
  const asks: Record<string, Parameters<typeof atOnce>[0]> = {
    raw: rawAsk(raw),
    comlink: comlink.echo,
    control: control.echo,
    actor: (message) => ref.ask(message, { timeoutMs: 10_000 }),
  };
  return {
    cases: Object.entries(asks).map(([name, ask]) => ({
      name,
      run: () => timeOf(() => atOnce(ask), TURNS * OUTSTANDING),
    })),
    async close() {
      await host.close();
      await Promise.all([raw.terminate(), comlink.close(), control.close()]);
    },
  };
};
