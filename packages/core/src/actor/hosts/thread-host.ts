// One thread per actor. Whatever the actor does (throw, `process.exit`, out of memory, an endless loop) ends that
// thread and nothing else; the heartbeat finds the loop.
import { type MessagePort, Worker } from 'node:worker_threads';
import { workerUrl } from '../../worker-url.ts';
import { type Clock, systemClock } from '../clock.ts';
import { type ExitReason, type KillCause, notLoaded, threadFailure } from '../exit.ts';
import { createHeart, threadOf } from '../limits/heartbeat.ts';
import { threadName } from '../limits/kernel-thread.ts';
import type { ChildSpec } from '../supervision/child-spec.ts';
import {
  ActorHost,
  type ActorRun,
  type ActorStage,
  type HostOptions,
  type Parking,
  type RunRequest,
} from './actor-host.ts';
import { type ActorStart, watchActor } from './actor-start.ts';
import { type Adoption, PARKED, type ParkedStart } from './parked-thread.ts';
import { actorResourceLimits, threadExecArgv } from './thread-options.ts';

const FIRST_FILE = workerUrl('../entry/actor-thread', import.meta.url);

export class ThreadStage implements ActorStage {
  readonly #clock: Clock;
  /** Of threads, also of those that have no actor. */
  readonly #lives = new Set<ActorRun>();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  run({ spec, port, ports }: RunRequest): ActorRun {
    const heart = createHeart();
    const start: ActorStart = { spec, port, ports, heart };
    const worker = startThread(threadName(spec.id), start, [port, ...Object.values(ports)]);
    return this.#watch(spec, { worker, heart, life: this.#follow(worker) });
  }

  park(modules: readonly string[]): Parking {
    const heart = createHeart();
    const worker = startThread(PARKED, { heart, modules } satisfies ParkedStart, []);
    const life = this.#follow(worker);
    let isTaken = false;
    return {
      ended: life.ended,
      heart,
      run: ({ spec, port, ports }) => {
        worker.postMessage({ spec, port, ports } satisfies Adoption, [port, ...Object.values(ports)]);
        isTaken = true;
        return this.#watch(spec, { worker, heart, life });
      },
      end() {
        if (!isTaken) life.kill('host-closed');
      },
    };
  }

  async close(): Promise<void> {
    const lives = [...this.#lives];
    for (const life of lives) life.kill('host-closed');
    await Promise.all(lives.map(({ ended }) => ended));
  }

  #follow(worker: Worker): ActorRun {
    const life = superviseThread(worker);
    this.#lives.add(life);
    void life.ended.then(() => this.#lives.delete(life));
    return life;
  }

  #watch(spec: ChildSpec, { worker, heart, life }: Started): ActorRun {
    const unwatch = watchActor(
      { spec, heart },
      { clock: this.#clock, thread: () => worker, onDoomed: (why) => life.kill(why) },
    );
    void life.ended.then(unwatch);
    const ended = life.ended.then((reason) =>
      threadOf(heart) === 0 ? notLoaded(spec.id, FIRST_FILE.href, reason) : reason,
    );
    return { ...life, ended, heart };
  }
}

interface Started {
  readonly worker: Worker;
  readonly heart: Int32Array;
  readonly life: ActorRun;
}

export const createThreadHost = (options: HostOptions = {}): ActorHost =>
  new ActorHost(new ThreadStage(options.clock), options);

function startThread(
  name: string,
  workerData: ActorStart | ParkedStart,
  transferList: readonly MessagePort[],
): Worker {
  const worker = new Worker(FIRST_FILE, {
    name,
    execArgv: threadExecArgv(),
    resourceLimits: actorResourceLimits,
    workerData,
    transferList: [...transferList],
  });
  worker.unref();
  return worker;
}

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
