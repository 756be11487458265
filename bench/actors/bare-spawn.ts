// What starts are compared with: a worker that says one word, started as our threads are.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Figures, timeOf } from './group.ts';
import { threadOptions, workerFile } from './subjects.ts';

export async function bareSpawn(): Promise<Figures> {
  const options = await threadOptions();
  let worker: Worker | undefined;
  const figures = await timeOf(async () => {
    worker = new Worker(workerFile('bare'), options);
    await once(worker, 'message');
  });
  await worker?.terminate();
  return figures;
}
