// Actors on pooled threads: one at a time per thread, a bounded number of threads and of waiting actors, idle threads
// released. Callers that wait take turns, and none waits longer than it said. Where memory is short, actors wait for
// each other; what cannot run even alone is refused.
import { fail, type NodelensError, toWire } from '../../errors.ts';
import type { Clock } from '../clock.ts';
import type { ExitReason } from '../exit.ts';
import type { Headroom } from '../limits/headroom.ts';
import { threadOf } from '../limits/heartbeat.ts';
import { LATE_RESERVE_MB, RESERVE_MB, shortage, THREAD_MB } from '../limits/memory-need.ts';
import {
  ActorHost,
  type ActorRun,
  type ActorStage,
  type HostOptions,
  type RunRequest,
} from './actor-host.ts';
import { defaultPool, type PoolOptions, type PoolSurroundings, withoutLimits } from './pool-options.ts';
import { type PooledRun, PoolThreads } from './pool-threads.ts';
import { WaitingLine } from './waiting-line.ts';

/** Who waits for memory is looked at so often; it may come back while nobody ends. */
const LOOK_AGAIN_MS = 100;

interface Task {
  readonly request: RunRequest;
  readonly settle: (reason: ExitReason) => void;
  readonly queuedAtMs: number;
  /** Disarms its queue deadline. */
  disarm: () => void;
}

export class PoolStage implements ActorStage {
  readonly #clock: Clock;
  readonly #headroom: Headroom;
  readonly #options: Required<PoolOptions>;
  readonly #threads: PoolThreads;
  // Our own queue: piscina neither bounds nor keeps in order the tasks that can be aborted.
  readonly #waiting = new WaitingLine<Task>();
  readonly #running = new Map<Task, PooledRun>();
  #stopPatience: (() => void) | undefined;
  #isClosed = false;

  constructor(options: PoolOptions = {}, surroundings: PoolSurroundings = {}) {
    const { clock, headroom, connect } = { ...withoutLimits, ...surroundings };
    this.#clock = clock;
    this.#headroom = headroom;
    this.#options = { ...defaultPool, ...options };
    this.#threads = new PoolThreads(this.#options, { clock, connect });
  }

  /** Threads that exist now, idle ones included. */
  get threadCount(): number {
    return this.#threads.count;
  }

  /** Actors that wait for a thread. */
  get waitingCount(): number {
    return this.#waiting.size;
  }

  run(request: RunRequest): ActorRun {
    const { id } = request.spec;
    if (this.#isClosed) throw fail('host_closed', { id });
    const mustWait = this.#mustWait();
    if (mustWait && this.#waiting.size >= this.#options.maxQueue)
      throw fail('actor_queue_full', { id, waiting: this.#waiting.size });
    const { promise: ended, resolve: settle } = Promise.withResolvers<ExitReason>();
    const task: Task = { request, settle, queuedAtMs: this.#clock.now(), disarm: () => {} };
    if (mustWait) this.#wait(task);
    else void this.#begin(task);
    const heartOf = (): Int32Array | undefined => this.#running.get(task)?.heart;
    return {
      ended,
      get heart() {
        return heartOf();
      },
      cancelStart: () => this.#dequeue(task, { kind: 'shutdown', detail: 'stopped before it began' }),
      kill: (why) => {
        if (!this.#dequeue(task, { kind: 'killed', why })) this.#running.get(task)?.kill(why);
      },
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopPatience?.();
    for (const task of this.#waiting) this.#dequeue(task, { kind: 'killed', why: 'host-closed' });
    const running = [...this.#running.values()];
    for (const run of running) run.kill('host-closed');
    await Promise.all(running.map((run) => run.ended));
    await this.#threads.close();
  }

  async #begin(task: Task): Promise<void> {
    task.disarm();
    const run = this.#threads.start(task.request);
    this.#running.set(task, run);
    const reason = await run.ended;
    this.#running.delete(task);
    task.settle(reason);
    this.#advance();
  }

  /** @throws NodelensError `memory_short` when it cannot run even alone. */
  #mustWait(): boolean {
    if (this.#isFull || this.#waiting.size > 0 || !this.#isThreadFree) return true;
    // Only now: reading what is left takes as long as all else that the pool does for a run.
    const short = this.#shortage();
    if (short !== undefined && this.#running.size === 0) throw short;
    return short !== undefined;
  }

  #wait(task: Task): void {
    const { queueMs } = task.request.spec;
    this.#waiting.add(callerOf(task), task);
    if (queueMs !== undefined) task.disarm = this.#clock.after(queueMs, () => this.#refuseLate(task));
    if (this.#stopPatience === undefined) this.#bePatient();
  }

  /** Lets those begin whose turn it is. */
  #advance(mayGrow = false): void {
    let isGrowing = mayGrow;
    for (let next = this.#waiting.first; next !== undefined && !this.#isFull; next = this.#waiting.first) {
      // A thread that was blocked comes late to its timers, and must not begin what has become useless.
      if (this.#isLate(next)) {
        this.#refuseLate(next);
        continue;
      }
      if (!(isGrowing || this.#isThreadFree)) break;
      const short = this.#shortage();
      if (short === undefined) {
        isGrowing = false;
        this.#waiting.take();
        void this.#begin(next);
      } else if (this.#running.size === 0) this.#dequeue(next, { kind: 'failed', error: toWire(short) });
      else break;
    }
    this.#bePatient();
  }

  #bePatient(): void {
    this.#stopPatience?.();
    this.#stopPatience =
      this.#waiting.size === 0 || this.#isFull
        ? undefined
        : this.#clock.after(Math.max(this.#options.growAfterMs, LOOK_AGAIN_MS), () =>
            this.#advance(!this.#isThreadStarting),
          );
  }

  get #isFull(): boolean {
    return this.#running.size >= this.#options.maxThreads;
  }

  get #isThreadStarting(): boolean {
    return [...this.#running.values()].some(({ heart }) => threadOf(heart) === 0);
  }

  /** Whether an actor can begin without a thread being started beside busy ones that may soon be free. */
  get #isThreadFree(): boolean {
    const running = this.#running.size;
    return this.#options.growAfterMs === 0 || running === 0 || this.#threads.count > running;
  }

  /**
   * What is missing for one more actor. An idle thread has its memory already. Those that run are counted as if they
   * had none of theirs yet: several that start at once have not, and later it only makes the next one wait.
   */
  #shortage(): NodelensError | undefined {
    const running = this.#running.size;
    if (this.#threads.count > running) return undefined;
    const reserveMb = running === 0 ? LATE_RESERVE_MB : RESERVE_MB;
    return shortage((running + 1) * THREAD_MB + reserveMb, this.#headroom());
  }

  #isLate({ request, queuedAtMs }: Task): boolean {
    return this.#clock.now() - queuedAtMs > (request.spec.queueMs ?? Number.POSITIVE_INFINITY);
  }

  #refuseLate(task: Task): void {
    const { id, queueMs = 0 } = task.request.spec;
    const waitedMs = Math.round(this.#clock.now() - task.queuedAtMs);
    const error = toWire(fail('actor_queue_deadline', { id, waitedMs, queueMs }));
    this.#dequeue(task, { kind: 'failed', error });
  }

  #dequeue(task: Task, reason: ExitReason): boolean {
    if (!this.#waiting.remove(callerOf(task), task)) return false;
    task.disarm();
    for (const port of [task.request.port, ...Object.values(task.request.ports)]) port.close();
    task.settle(reason);
    return true;
  }
}

const callerOf = ({ request: { spec } }: Task): string => spec.caller ?? spec.id;

export const createPoolHost = (pool: PoolOptions = {}, options: HostOptions = {}): ActorHost =>
  new ActorHost(new PoolStage(pool, options), options);
