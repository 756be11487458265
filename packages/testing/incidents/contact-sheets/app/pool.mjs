// A few workers with one job each at a time; jobs beyond that wait in line.
import { Worker } from 'node:worker_threads';
import { log } from './log.mjs';

const MAX_WAITING = 200;

export function createPool(url, size) {
  const waiting = [];
  const idle = [];
  let done = 0;

  function start() {
    const worker = new Worker(url);
    let job;
    worker.on('message', ({ type, value }) => {
      if (type === 'done') {
        done += 1;
        job.resolve(value);
      }
      job = undefined;
      next(worker, take);
    });
    worker.on('error', (error) => job?.reject(error));
    worker.on('exit', (code) => {
      log('info', 'worker is replaced', { code });
      job?.reject(new Error(`the worker ended with ${code}`));
      const index = idle.indexOf(worker);
      if (index !== -1) idle.splice(index, 1);
      start();
    });
    const take = (one) => {
      job = one;
      worker.postMessage(one.data);
    };
    worker.take = take;
  }

  function next(worker, take) {
    const one = waiting.shift();
    if (one === undefined) idle.push(worker);
    else take(one);
  }

  for (let count = 0; count < size; count += 1) start();

  return {
    run: (data) =>
      new Promise((resolve, reject) => {
        const one = { data, resolve, reject };
        const worker = idle.shift();
        if (worker !== undefined) worker.take(one);
        else if (waiting.length < MAX_WAITING) waiting.push(one);
        else reject(new Error('too many sheets are waiting'));
      }),
    figures: () => ({ waiting: waiting.length, idle: idle.length, done }),
  };
}
