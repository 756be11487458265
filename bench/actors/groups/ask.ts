// A question over a thread and its answer, one outstanding: raw postMessage, comlink, an actor.
import type { Worker } from 'node:worker_threads';
import { comlinkEcho } from '../comlink.ts';
import { importCore } from '../core.ts';
import { type OpenGroup, timeOf } from '../group.ts';
import { counterSpec, startWorker } from '../subjects.ts';

const ASKS = 300;
const message = { type: 'echo', n: 1 };

/** The least that a question can be: one listener, one promise. */
function rawAsk(worker: Worker): () => Promise<unknown> {
  let answer: (value: unknown) => void = () => {};
  worker.on('message', (value) => answer(value));
  return () =>
    new Promise((resolve) => {
      answer = resolve;
      worker.postMessage(message);
    });
}

async function inTurn(ask: () => Promise<unknown>): Promise<void> {
  for (let count = 0; count < ASKS; count += 1) await ask();
}

export const open: OpenGroup = async () => {
  const { createThreadHost } = await importCore('actor/hosts/thread-host');
  const raw = await startWorker('echo');
  const control = await startWorker('echo');
  const comlink = await comlinkEcho();
  const host = createThreadHost();
  const ref = await host.start(counterSpec());
  const asks = {
    raw: rawAsk(raw),
    control: rawAsk(control),
    comlink: () => comlink.echo(message),
    actor: () => ref.ask(message, { timeoutMs: 10_000 }),
  };
  return {
    cases: Object.entries(asks).map(([name, ask]) => ({ name, run: () => timeOf(() => inTurn(ask), ASKS) })),
    async close() {
      await host.close();
      await Promise.all([raw.terminate(), control.terminate(), comlink.close()]);
    },
  };
};
