// The threads of a pool (piscina), and one actor's life on one of them. Whose turn it is, is decided above
// (pool-host.ts); an actor that must be killed costs the pool that thread.
import type { Worker } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { reasonOf } from '../../errors.ts';
import type { Clock } from '../clock.ts';
import { type ExitReason, type KillCause, normalExit, notLoaded, threadFailure } from '../exit.ts';
import { createHeart, threadOf } from '../limits/heartbeat.ts';
import { watchMemory } from '../limits/memory-watch.ts';
import type { RunRequest } from './actor-host.ts';
import { type ActorStart, DEFAULT_MEMORY_MB, watchActor } from './actor-start.ts';
import type { PoolOptions } from './pool-options.ts';
import type { Connect, ConnectMessage } from './services.ts';
import { actorResourceLimits, threadExecArgv } from './thread-options.ts';

export interface PooledThreadData {
  /** Whether a ConnectMessage is answered. */
  readonly canConnect: boolean;
}

interface Surroundings {
  readonly clock: Clock;
  readonly connect: Connect | undefined;
}

export interface PooledRun {
  /** Resolves (never rejects) when it is gone and its thread is free, or gone with it. */
  readonly ended: Promise<ExitReason>;
  /** The shared words of its thread. */
  readonly heart: Int32Array;
  kill(why: KillCause): void;
}

export class PoolThreads {
  readonly #clock: Clock;
  /** First file of its threads. */
  readonly #task: string;
  /** What aborts those that have not ended, by the shared words of their threads, in the order of their start. */
  readonly #live = new Map<Int32Array, AbortController>();
  /** Threads whose last actor has ended, each with the end of its watch. */
  readonly #idle = new Map<Worker, () => void>();
  readonly #piscina: Piscina<ActorStart, void>;

  constructor({ maxThreads, idleTimeoutMs, task }: Required<PoolOptions>, { clock, connect }: Surroundings) {
    this.#clock = clock;
    this.#task = task;
    this.#piscina = new Piscina({
      filename: task,
      minThreads: 0,
      maxThreads,
      idleTimeout: idleTimeoutMs,
      // With atomics, a thread sleeps in Atomics.wait between tasks and the ports passed to it are dead.
      atomics: 'disabled',
      recordTiming: false,
      execArgv: threadExecArgv(),
      resourceLimits: actorResourceLimits,
      workerData: { canConnect: connect !== undefined } satisfies PooledThreadData,
    });
    this.#piscina.on('error', (error) => this.#onFailed(error));
    // An actor's module has the same way up: what is no ConnectMessage is its own affair.
    this.#piscina.on('message', (message: ConnectMessage | null | undefined) => {
      if (message?.type === 'connect') connect?.(message.service, message.port);
    });
  }

  /** Threads that exist now, idle ones included. */
  get count(): number {
    return this.#piscina.threads.length;
  }

  start({ spec, port, ports }: RunRequest): PooledRun {
    const heart = createHeart();
    const controller = new AbortController();
    const thread = (): Worker | undefined => {
      const own = this.#piscina.threads.find(({ threadId }) => threadId === threadOf(heart));
      // From now on its memory is this actor's affair.
      if (own !== undefined) this.#idle.get(own)?.();
      return own;
    };
    let killed: { readonly why: KillCause; readonly threadGone: Promise<unknown> | undefined } | undefined;
    const kill = (why: KillCause): void => {
      // Piscina gives up an aborted task before its thread has ended. Not events.once: it rejects on an `error`.
      const doomed = thread();
      killed ??= { why, threadGone: doomed && new Promise((resolve) => doomed.once('exit', resolve)) };
      this.#live.delete(heart);
      controller.abort(why);
    };
    const live = async (): Promise<ExitReason> => {
      const transferList = [port, ...Object.values(ports)];
      const { signal } = controller;
      // First: its watch can begin while it is under way.
      const task = this.#piscina.run({ spec, port, ports, heart }, { signal, transferList });
      const unwatch = watchActor({ spec, heart }, { clock: this.#clock, thread, onDoomed: kill });
      this.#live.set(heart, controller);
      try {
        await task;
        return normalExit;
      } catch (error) {
        // When the task could not be posted (its input cannot be cloned), the ports are still here.
        for (const unsent of transferList) unsent.close();
        if (killed !== undefined) {
          await killed.threadGone;
          return { kind: 'killed', why: killed.why };
        }
        const failure = signal.aborted ? signal.reason : error;
        const reason = failureOf(failure);
        const wasUp = threadOf(heart) !== 0 || isUnsent(failure);
        return wasUp ? reason : notLoaded(spec.id, this.#task, reason);
      } finally {
        this.#live.delete(heart);
        unwatch();
        this.#watchIdle(thread());
      }
    };
    return { ended: live(), heart, kill };
  }

  /**
   * A thread without an actor has failed, and piscina has removed it. One that was idle is nobody's; one that was coming up
   * leaves somebody waiting for whom piscina starts no other. Who has waited for longer may have been given one since.
   */
  #onFailed(error: unknown): void {
    if (this.#live.size <= this.count) return;
    const last = [...this.#live].findLast(([heart]) => threadOf(heart) === 0);
    last?.[1].abort(error);
  }

  /** What an actor's module left behind may grow on in a thread that waits for the next. */
  #watchIdle(thread: Worker | undefined): void {
    if (thread === undefined || this.#idle.has(thread)) return;
    const unwatch = watchMemory(() => thread, {
      clock: this.#clock,
      limitMb: DEFAULT_MEMORY_MB,
      onExceeded: () => void thread.terminate(),
    });
    const forget = (): void => {
      unwatch();
      thread.off('exit', forget);
      this.#idle.delete(thread);
    };
    this.#idle.set(thread, forget);
    thread.once('exit', forget);
  }

  /** Ends the threads; nothing may run on them. */
  close(): Promise<void> {
    return this.#piscina.destroy();
  }
}

/** What could not be posted is no thread's fault. */
const isUnsent = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'DataCloneError';

/** Piscina tells a thread's exit code only in the message. */
function failureOf(error: unknown): ExitReason {
  const exitCode = /^worker exited with code: (-?\d+)$/.exec(reasonOf(error))?.[1];
  return exitCode === undefined ? threadFailure(1, error) : threadFailure(Number(exitCode), undefined);
}
