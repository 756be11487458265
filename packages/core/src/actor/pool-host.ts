// Actors on pooled threads (piscina): one at a time per thread, a bounded number of threads and of waiting actors,
// idle threads released. An actor that must be killed costs the pool that thread, which is replaced when needed.
// Where memory is short, actors wait for each other; what cannot run even alone is refused.
import type { Worker } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { fail, type NodelensError, reasonOf, toWire } from '../errors.ts';
import { workerUrl } from '../worker-url.ts';
import {
  ActorHost,
  type ActorRun,
  type ActorStage,
  type HostOptions,
  type RunRequest,
} from './actor-host.ts';
import { type ActorStart, watchActor } from './actor-start.ts';
import type { Clock } from './clock.ts';
import { type ExitReason, type KillCause, normalExit, threadFailure } from './exit.ts';
import type { Headroom } from './headroom.ts';
import { createHeart, threadOf } from './heartbeat.ts';
import { LATE_RESERVE_MB, RESERVE_MB, shortage, THREAD_MB } from './memory-need.ts';
import { defaultPool, type PoolOptions, type PoolSurroundings, withoutLimits } from './pool-options.ts';
import { actorResourceLimits, threadExecArgv } from './thread-options.ts';

/** Who waits for memory is looked at so often; it may come back while nobody ends. */
const LOOK_AGAIN_MS = 100;

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
  readonly #headroom: Headroom;
  readonly #options: Required<PoolOptions>;
  readonly #piscina: Piscina<ActorStart, void>;
  // Our own queue: piscina neither bounds nor keeps in order the tasks that can be aborted.
  readonly #waiting: Task[] = [];
  readonly #running = new Map<Task, Promise<ExitReason>>();
  #stopPatience: (() => void) | undefined;
  #isClosed = false;

  constructor(options: PoolOptions = {}, surroundings: PoolSurroundings = {}) {
    const { clock, headroom } = { ...withoutLimits, ...surroundings };
    this.#clock = clock;
    this.#headroom = headroom;
    this.#options = { ...defaultPool, ...options };
    this.#piscina = new Piscina({
      filename: workerUrl('./entry/pool-task', import.meta.url).href,
      minThreads: 0,
      maxThreads: this.#options.maxThreads,
      idleTimeout: this.#options.idleTimeoutMs,
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
    const short = this.#shortage();
    if (short !== undefined && this.#running.size === 0) throw short;
    const mustWait = short !== undefined || this.#isFull || this.#waiting.length > 0 || !this.#isThreadFree;
    if (mustWait && this.#waiting.length >= this.#options.maxQueue)
      throw fail('actor_start_failed', {
        id,
        reason: `${this.#options.maxQueue} actors wait for a pooled thread`,
      });
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
    if (mustWait) this.#wait(task);
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
    this.#stopPatience?.();
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
    this.#advance();
  }

  #wait(task: Task): void {
    this.#waiting.push(task);
    if (this.#stopPatience === undefined) this.#bePatient();
  }

  /** Lets those begin whose turn it is. */
  #advance(mayGrow = false): void {
    let isGrowing = mayGrow;
    for (let next = this.#waiting[0]; next !== undefined && !this.#isFull; next = this.#waiting[0]) {
      const short = this.#shortage();
      if (short !== undefined && this.#running.size === 0)
        this.#dequeue(next, { kind: 'failed', error: toWire(short) });
      else if (short !== undefined || !(isGrowing || this.#isThreadFree)) break;
      else {
        isGrowing = false;
        this.#waiting.shift();
        void this.#begin(next);
      }
    }
    this.#bePatient();
  }

  #bePatient(): void {
    this.#stopPatience?.();
    this.#stopPatience =
      this.#waiting.length === 0 || this.#isFull
        ? undefined
        : this.#clock.after(Math.max(this.#options.growAfterMs, LOOK_AGAIN_MS), () =>
            this.#advance(!this.#isThreadStarting),
          );
  }

  get #isFull(): boolean {
    return this.#running.size >= this.#options.maxThreads;
  }

  get #isThreadStarting(): boolean {
    return [...this.#running.keys()].some(({ heart }) => threadOf(heart) === 0);
  }

  /** Whether an actor can begin without a thread being started beside busy ones that may soon be free. */
  get #isThreadFree(): boolean {
    const running = this.#running.size;
    return this.#options.growAfterMs === 0 || running === 0 || this.#piscina.threads.length > running;
  }

  /**
   * What is missing for one more actor. An idle thread has its memory already. Those that run are counted as if they
   * had none of theirs yet: several that start at once have not, and later it only makes the next one wait.
   */
  #shortage(): NodelensError | undefined {
    const running = this.#running.size;
    const isReused = this.#piscina.threads.length > running;
    const reserveMb = running === 0 ? LATE_RESERVE_MB : RESERVE_MB;
    return shortage(isReused ? 0 : (running + 1) * THREAD_MB + reserveMb, this.#headroom());
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
  new ActorHost(new PoolStage(pool, options), options);

/** Piscina tells a thread's exit code only in the message. */
function failureOf(error: unknown): ExitReason {
  const exitCode = /^worker exited with code: (-?\d+)$/.exec(reasonOf(error))?.[1];
  return exitCode === undefined ? threadFailure(1, error) : threadFailure(Number(exitCode), undefined);
}
