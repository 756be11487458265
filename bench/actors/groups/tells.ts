// One-way messages to a thread, sent in one turn, until all are handled: postMessage one by one, and an actor.
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { importCore } from '../core.ts';
import { type OpenGroup, timeOf } from '../group.ts';
import { counterSpec, startWorker } from '../subjects.ts';

const BURST = 1_000;
const BURSTS = 10;

async function rawBursts(worker: Worker): Promise<void> {
  for (let burst = 0; burst < BURSTS; burst += 1) {
    const handled = once(worker, 'message');
    for (let sent = 1; sent <= BURST; sent += 1)
      worker.postMessage({ type: 'add', n: 1, last: sent === BURST });
    await handled;
  }
}

export const open: OpenGroup = async () => {
  const { createThreadHost } = await importCore('actor/hosts/thread-host');
  const [raw, control] = [await startWorker('echo'), await startWorker('echo')];
  const host = createThreadHost();
  const ref = await host.start(counterSpec({ mailboxCapacity: 2 * BURST }));
  const actorBursts = async (): Promise<void> => {
    for (let burst = 0; burst < BURSTS; burst += 1) {
      for (let sent = 1; sent <= BURST; sent += 1) ref.tell({ type: 'add', n: 1, last: sent === BURST });
      // In order behind the tells: answered when they are handled.
      await ref.ask({ type: 'total' }, { timeoutMs: 10_000 });
    }
  };
  const each = (bursts: () => Promise<void>) => () => timeOf(bursts, BURSTS * BURST);
  return {
    cases: [
      { name: 'raw', run: each(() => rawBursts(raw)) },
      { name: 'control', run: each(() => rawBursts(control)) },
      { name: 'actor', run: each(actorBursts) },
    ],
    async close() {
      await host.close();
      await Promise.all([raw.terminate(), control.terminate()]);
    },
  };
};
