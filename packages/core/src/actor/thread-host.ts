// One thread per actor. Whatever the actor does (throw, `process.exit`, out of memory, an endless loop) ends that
// thread and nothing else; the heartbeat finds the loop.

import { Worker } from 'node:worker_threads';
import { workerUrl } from '../worker-url.ts';
import {
  ActorHost,
  type ActorRun,
  type ActorStage,
  type HostOptions,
  type RunRequest,
} from './actor-host.ts';
import { type ActorStart, watchActor } from './actor-start.ts';
import { type Clock, systemClock } from './clock.ts';
import { type ExitReason, type KillCause, threadFailure } from './exit.ts';
import { createHeart } from './heartbeat.ts';
import { threadName } from './kernel-thread.ts';
import { actorResourceLimits, threadExecArgv } from './thread-options.ts';

export class ThreadStage implements ActorStage {
  readonly #clock: Clock;
  readonly #runs = new Set<ActorRun>();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  run({ spec, port, ports }: RunRequest): ActorRun {
    const heart = createHeart();
    const worker = new Worker(workerUrl('./entry/actor-thread', import.meta.url), {
      name: threadName(spec.id),
      execArgv: threadExecArgv(),
      resourceLimits: actorResourceLimits,
      workerData: { spec, port, ports, heart } satisfies ActorStart,
      transferList: [port, ...Object.values(ports)],
    });
    worker.unref();
    const run = { ...superviseThread(worker), heart };
    const unwatch = watchActor(
      { spec, heart },
      { clock: this.#clock, thread: () => worker, onDoomed: (why) => run.kill(why) },
    );
    this.#runs.add(run);
    void run.ended.then(() => {
      unwatch();
      this.#runs.delete(run);
    });
    return run;
  }

  async close(): Promise<void> {
    const runs = [...this.#runs];
    for (const run of runs) run.kill('host-closed');
    await Promise.all(runs.map((run) => run.ended));
  }
}

export const createThreadHost = (options: HostOptions = {}): ActorHost =>
  new ActorHost(new ThreadStage(options.clock), options);

function superviseThread(worker: Worker): ActorRun {
  const { promise, resolve } = Promise.withResolvers<ExitReason>();
  let killed: KillCause | undefined;
  let error: unknown;
  // It may come twice (a throw, then out of memory while it is handled); the second without a listener would be thrown.
  worker.on('error', (thrown) => {
    error ??= thrown;
  });
  worker.once('exit', (exitCode) => {
    resolve(killed === undefined ? threadFailure(exitCode, error) : { kind: 'killed', why: killed });
  });
  const kill = (why: KillCause): void => {
    killed ??= why;
    void worker.terminate();
  };
  return { ended: promise, cancelStart() {}, kill };
}
