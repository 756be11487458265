// How the recorder's thread is made: what it inherits of the process, what it must not, and its limits.
import { Worker } from 'node:worker_threads';
import { threadExecArgv } from '../actor/hosts/thread-options.ts';
import { threadName } from '../actor/limits/kernel-thread.ts';
import { workerUrl } from '../worker-url.ts';
import type { RecorderStart } from './link.ts';

const OLD_GENERATION_MB = 512;
/** V8 fills what it is given: an idle process is 7 MB smaller than with 16. What for: actor/hosts/thread-options.ts. */
const YOUNG_GENERATION_MB = 2;

export function spawnRecorder(start: RecorderStart): Worker {
  const { NODE_OPTIONS } = process.env;
  const worker = new Worker(workerUrl('./entry/recorder-thread', import.meta.url), {
    name: threadName('recorder'),
    workerData: start,
    transferList: [start.link],
    execArgv: threadExecArgv(),
    // The user's preloads would run once more in each of our threads.
    ...(NODE_OPTIONS && {
      env: { ...process.env, NODE_OPTIONS: threadExecArgv(NODE_OPTIONS.split(/\s+/)).join(' ') },
    }),
    // A library never prints; an error of the thread arrives as one.
    stdout: true,
    stderr: true,
    resourceLimits: {
      maxOldGenerationSizeMb: OLD_GENERATION_MB,
      maxYoungGenerationSizeMb: YOUNG_GENERATION_MB,
    },
  });
  // What is written all the same is dropped: a stream that takes it would keep the process alive, read or not.
  worker.stdout.destroy();
  worker.stderr.destroy();
  return worker;
}
