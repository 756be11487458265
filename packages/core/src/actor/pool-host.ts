// Actors on pooled threads (piscina): one at a time per thread, a bounded number of threads and of waiting actors,
// idle threads released. An actor that must be killed costs the pool that thread, which is replaced when needed.
import type { Worker } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { fail, reasonOf } from '../errors.ts';
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
import { type ExitReason, type KillCause, normalExit, threadFailure } from './exit.ts';
import { createHeart, threadOf } from './heartbeat.ts';
import { actorResourceLimits, threadExecArgv } from './thread-options.ts';

export interface PoolOptions {
  /** Default 4. */
  readonly maxThreads?: number;
  /** Actors that may wait for a thread. Default 64. */
  readonly maxQueue?: number;
  /** Idle time after which a thread is released, in ms. Default 10,000. */
  readonly idleTimeoutMs?: number;
}

interface Task {
  readonly request: RunRequest;
  readonly heart: Int32Array;
  readonly controller: AbortController;
  readonly settle: (reason: ExitReason) => void;
  killed: KillCause | undefined;
  threadGone: Promise<unknown> | undefined;
}

export class PoolStage implements ActorStage {
  readonly #clock: Clock;
  readonly #maxThreads: number;
  readonly #maxQueue: number;
  readonly #piscina: Piscina<ActorStart, void>;
  // Our own queue: piscina neither bounds nor keeps in order the tasks that can be aborted.
  readonly #waiting: Task[] = [];
  readonly #running = new Map<Task, Promise<ExitReason>>();
  #isClosed = false;

  constructor(options: PoolOptions = {}, clock: Clock = systemClock) {
    this.#clock = clock;
    this.#maxThreads = options.maxThreads ?? 4;
    this.#maxQueue = options.maxQueue ?? 64;
    this.#piscina = new Piscina({
      filename: workerUrl('./entry/pool-task', import.meta.url).href,
      minThreads: 0,
      maxThreads: this.#maxThreads,
      idleTimeout: options.idleTimeoutMs ?? 10_000,
      // With atomics, a thread sleeps in Atomics.wait between tasks and the ports passed to it are dead.
      atomics: 'disabled',
      recordTiming: false,
      execArgv: threadExecArgv(),
      resourceLimits: actorResourceLimits,
    });
    // An idle thread that fails late belongs to no actor any more; piscina has removed it already.
    this.#piscina.on('error', () => {});
  }

  /** Threads that exist now, idle ones included. */
  get threadCount(): number {
    return this.#piscina.threads.length;
  }

  run(request: RunRequest): ActorRun {
    const { id } = request.spec;
    if (this.#isClosed) throw fail('host_closed', { id });
    const isFull = this.#running.size >= this.#maxThreads;
    if (isFull && this.#waiting.length >= this.#maxQueue)
      throw fail('actor_start_failed', { id, reason: `${this.#maxQueue} actors wait for a pooled thread` });
    const { promise: ended, resolve: settle } = Promise.withResolvers<ExitReason>();
    const controller = new AbortController();
    const task: Task = {
      request,
      heart: createHeart(),
      controller,
      settle,
      killed: undefined,
      threadGone: undefined,
    };
    if (isFull) this.#waiting.push(task);
    else void this.#begin(task);
    return {
      ended,
      cancelStart: () => this.#dequeue(task, { kind: 'shutdown', detail: 'stopped before it began' }),
      kill: (why) => {
        if (!this.#dequeue(task, { kind: 'killed', why })) this.#kill(task, why);
      },
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const task of [...this.#waiting]) this.#dequeue(task, { kind: 'killed', why: 'host-closed' });
    for (const task of this.#running.keys()) this.#kill(task, 'host-closed');
    await Promise.all(this.#running.values());
    await this.#piscina.destroy();
  }

  async #begin(task: Task): Promise<void> {
    const life = this.#live(task);
    this.#running.set(task, life);
    const reason = await life;
    this.#running.delete(task);
    task.settle(reason);
    const next = this.#waiting.shift();
    if (next !== undefined) void this.#begin(next);
  }

  async #live(task: Task): Promise<ExitReason> {
    const { request, heart, controller } = task;
    const { spec, port, ports } = request;
    const unwatch = watchActor(
      { spec, heart },
      {
        clock: this.#clock,
        thread: () => this.#threadOf(task),
        onDoomed: (why) => this.#kill(task, why),
      },
    );
    const transferList = [port, ...Object.values(ports)];
    try {
      await this.#piscina.run({ spec, port, ports, heart }, { signal: controller.signal, transferList });
      return normalExit;
    } catch (error) {
      // When the task could not be posted (its input cannot be cloned), the ports are still here.
      for (const unsent of transferList) unsent.close();
      if (task.killed === undefined) return failureOf(error);
      await task.threadGone;
      return { kind: 'killed', why: task.killed };
    } finally {
      unwatch();
    }
  }

  #kill(task: Task, why: KillCause): void {
    if (task.killed !== undefined) return;
    task.killed = why;
    // Piscina gives up an aborted task before its thread has ended. Not events.once: it rejects on an `error`.
    const thread = this.#threadOf(task);
    if (thread !== undefined) task.threadGone = new Promise((resolve) => thread.once('exit', resolve));
    task.controller.abort(why);
  }

  #threadOf({ heart }: Task): Worker | undefined {
    return this.#piscina.threads.find(({ threadId }) => threadId === threadOf(heart));
  }

  #dequeue(task: Task, reason: ExitReason): boolean {
    const index = this.#waiting.indexOf(task);
    if (index < 0) return false;
    this.#waiting.splice(index, 1);
    for (const port of [task.request.port, ...Object.values(task.request.ports)]) port.close();
    task.settle(reason);
    return true;
  }
}

export const createPoolHost = (pool: PoolOptions = {}, options: HostOptions = {}): ActorHost =>
  new ActorHost(new PoolStage(pool, options.clock), options);

/** Piscina tells a thread's exit code only in the message. */
function failureOf(error: unknown): ExitReason {
  const exitCode = /^worker exited with code: (-?\d+)$/.exec(reasonOf(error))?.[1];
  return exitCode === undefined ? threadFailure(1, error) : threadFailure(Number(exitCode), undefined);
}
