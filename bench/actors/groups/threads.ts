// Sixty-four threads at once: bare workers, and operators that wait for their model. The memory is the process's.
import { setTimeout as delay } from 'node:timers/promises';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { importCore } from '../core.ts';
import { type Figures, type OpenGroup, timeOf } from '../group.ts';
import { startWorker, waitingOperator } from '../subjects.ts';

const THREADS = 64;
/** Until operators that say they are ready have come to their model and wait. */
const SETTLE_MS = 2_000;

async function crowd(start: (id: number) => Promise<unknown>, stop: (all: unknown[]) => Promise<unknown>) {
  // The first brings what all share.
  const first = await start(0);
  const before = process.memoryUsage.rss();
  let all: unknown[] = [];
  const times = await timeOf(async () => {
    all = await Promise.all(Array.from({ length: THREADS }, (_, id) => start(id + 1)));
  }, THREADS);
  await delay(SETTLE_MS);
  const mb = (process.memoryUsage.rss() - before) / 2 ** 20 / THREADS;
  await stop([first, ...all]);
  return { ...times, mb };
}

const bareWorkers = (): Promise<Figures> =>
  crowd(
    () => startWorker('bare'),
    (all) => Promise.all(all.map((worker) => (worker as { terminate(): Promise<number> }).terminate())),
  );

async function operators(): Promise<Figures> {
  const { createThreadHost } = await importCore('actor/hosts/thread-host');
  const host = createThreadHost();
  const given: MessagePort[] = [];
  const service = (): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    given.push(port1);
    return port2;
  };
  const figures = await crowd(
    async (id) =>
      host.start(await waitingOperator(`operator-${id}`), { 'main-skills': service(), sandbox: service() }),
    () => host.close(),
  );
  for (const port of given) port.close();
  return figures;
}

export const open: OpenGroup = async () => ({
  cases: [
    { name: 'bare', run: bareWorkers },
    { name: 'control', run: bareWorkers },
    { name: 'operator', run: operators },
  ],
  close: async () => {},
});
