// The recorder that comes back: the same handle over several lives of the thread. It is main's one child, so its
// supervisor is this file; the policy is the one of all supervisors. Few restarts are granted, because every worker
// that main starts costs its HTTP path a little for good (shared reference: worker-cost).

import type { MessagePort } from 'node:worker_threads';
import { type Clock, systemClock } from '../actor/clock.ts';
import { describeExit, type ExitReason } from '../actor/exit.ts';
import type { Connect, ServiceName } from '../actor/hosts/services.ts';
import { backoffMs, countRestart, defaultBackoff, type Intensity } from '../actor/supervision/restart.ts';
import type { TreeNode } from '../actor/supervision/tree.ts';
import { fail } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import type { SkillSpec } from '../skill.ts';
import { startRecorder } from './recorder.ts';
import type { RecorderHandle, RecorderOptions } from './recorder-handle.ts';
import { createVaults } from './store/vaults.ts';

export interface SupervisedRecorder extends Omit<RecorderHandle, 'onExit'> {
  /** The thread has died. `willRestart` is false once it has died too often, or before it was ever ready. */
  onExit(listener: (reason: ExitReason, willRestart: boolean) => void): () => void;
  /** It is ready again after a restart. */
  onRestart(listener: () => void): () => void;
  /** What its next life starts with. */
  renew(options: Pick<RecorderOptions, 'skills' | 'init'>): void;
  /** Resolves while it is ready, or when it is again. Rejects with `recorder_unavailable` once it stays away. */
  available(): Promise<void>;
  /** It and its lives, for the tree. */
  node(): TreeNode;
}

export interface RecorderSupervision {
  readonly clock?: Clock;
  /** 0 to 1, for the jitter. Default Math.random. */
  readonly random?: () => number;
  /** Default: 3 restarts within 10 minutes. */
  readonly intensity?: Intensity;
}

const INTENSITY: Intensity = { maxRestarts: 3, withinMs: 600_000 };

/**
 * Starts the recorder as {@link startRecorder}, synchronously; what the rings held is lost with each life, what was
 * found is not.
 * @throws NodelensError as startRecorder.
 */
export const superviseRecorder = (
  options: RecorderOptions,
  supervision: RecorderSupervision = {},
): SupervisedRecorder => new Supervised(options, supervision);

class Supervised implements SupervisedRecorder {
  readonly ready: Promise<void>;
  #options: RecorderOptions;
  readonly #supervision: Required<RecorderSupervision>;
  readonly #connects = new Set<Connect>();
  readonly #messages = new Set<(message: JsonValue) => void>();
  readonly #exits = new Set<(reason: ExitReason, willRestart: boolean) => void>();
  readonly #comebacks = new Set<() => void>();
  #current: RecorderHandle | undefined;
  #startedAtMs = 0;
  #lives = 0;
  #lastExit: TreeNode['lastExit'];
  #willRestart = true;
  /** Settled when this life is ready, or the next one while there is none. */
  #up = upcoming();
  #wasReady = false;
  #restarts: readonly number[] = [];
  #cancelRestart: () => void = () => undefined;
  #isStopping = false;

  constructor(options: RecorderOptions, supervision: RecorderSupervision) {
    this.#options = { vaults: createVaults(), ...options };
    this.#supervision = { clock: systemClock, random: Math.random, intensity: INTENSITY, ...supervision };
    const first = this.#start();
    this.ready = first.ready;
    this.ready.then(
      () => {
        this.#wasReady = true;
        this.#up.resolve();
      },
      () => undefined,
    );
  }

  connect(service: ServiceName, port: MessagePort): void {
    if (this.#current === undefined) port.close();
    else this.#current.connect(service, port);
  }

  onConnect(listener: Connect): () => void {
    return register(this.#connects, listener);
  }

  post(message: JsonValue): void {
    this.#current?.post(message);
  }

  startProbe(skill: SkillSpec): void {
    this.#current?.startProbe(skill);
  }

  settleProbes(skill: SkillSpec): void {
    this.#current?.settleProbes(skill);
  }

  renew(options: Pick<RecorderOptions, 'skills' | 'init'>): void {
    this.#options = { ...this.#options, ...options };
  }

  available(): Promise<void> {
    return this.#up.promise;
  }

  node(): TreeNode {
    const isRunning = this.#current !== undefined;
    return {
      id: 'recorder',
      kind: 'thread',
      restart: 'permanent',
      status: isRunning ? 'running' : this.#willRestart ? 'restarting' : 'stopped',
      restarts: this.#lives - 1,
      ...(isRunning && { startedAtMs: this.#startedAtMs }),
      ...(this.#lastExit && { lastExit: this.#lastExit }),
    };
  }

  onMessage(listener: (message: JsonValue) => void): () => void {
    return register(this.#messages, listener);
  }

  onExit(listener: (reason: ExitReason, willRestart: boolean) => void): () => void {
    return register(this.#exits, listener);
  }

  onRestart(listener: () => void): () => void {
    return register(this.#comebacks, listener);
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#cancelRestart();
    await this.#current?.stop();
  }

  #start(): RecorderHandle {
    const recorder = startRecorder(this.#options);
    this.#lives += 1;
    this.#startedAtMs = this.#supervision.clock.now();
    recorder.onConnect((service, port) => {
      if (this.#connects.size === 0) port.close();
      for (const listener of this.#connects) listener(service, port);
    });
    recorder.onMessage((message) => {
      for (const listener of this.#messages) listener(message);
    });
    recorder.onExit((reason) => this.#onExit(reason));
    this.#current = recorder;
    return recorder;
  }

  #onExit(reason: ExitReason): void {
    this.#current = undefined;
    const { clock, random, intensity } = this.#supervision;
    this.#lastExit = { reason: describeExit(reason), atMs: clock.now() };
    const { restarts, isExceeded } = countRestart(this.#restarts, clock.now(), intensity);
    this.#restarts = restarts;
    const willRestart = this.#wasReady && !isExceeded && !this.#isStopping;
    this.#willRestart = willRestart;
    // Those who wait for the life that has just ended wait for the next one.
    if (this.#up.isSettled) this.#up = upcoming();
    if (!willRestart) this.#up.reject(fail('recorder_unavailable', { reason: describeExit(reason) }));
    if (willRestart) {
      const delayMs = backoffMs(restarts.length, defaultBackoff, random);
      this.#cancelRestart = clock.after(delayMs, () => this.#restart(reason));
    }
    for (const listener of this.#exits) listener(reason, willRestart);
  }

  #restart(reason: ExitReason): void {
    try {
      this.#start().ready.then(
        () => {
          this.#up.resolve();
          for (const listener of this.#comebacks) listener();
        },
        // Its exit tells.
        () => undefined,
      );
    } catch {
      // Threads are refused now: the same end once more, which is counted.
      this.#onExit(reason);
    }
  }
}

interface Upcoming extends PromiseWithResolvers<void> {
  readonly isSettled: boolean;
}

function upcoming(): Upcoming {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let isSettled = false;
  const settle = (): void => {
    isSettled = true;
  };
  // Nobody may be waiting.
  promise.then(settle, settle);
  return {
    promise,
    resolve,
    reject,
    get isSettled() {
      return isSettled;
    },
  };
}

function register<T>(set: Set<T>, listener: T): () => void {
  set.add(listener);
  return () => set.delete(listener);
}
