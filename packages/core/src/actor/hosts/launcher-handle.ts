// The launcher as its parent (the recorder thread) sees it: a nested worker that is started at the first connection
// and started again at the next one after it died.
import { type MessagePort, Worker } from 'node:worker_threads';
import { workerUrl } from '../../worker-url.ts';
import { describeExit, type ExitReason, threadFailure } from '../exit.ts';
import { keepAlive } from '../keep-alive.ts';
import { threadName } from '../limits/kernel-thread.ts';
import type { TreeNode } from '../supervision/tree.ts';
import type { PoolOptions } from './pool-options.ts';
import type { Connect, ConnectMessage } from './services.ts';
import { actorResourceLimits, threadExecArgv } from './thread-options.ts';

export interface LauncherHandleOptions {
  /** Serves what the launcher lacks ('skills', 'main-skills', 'main-model'), or hands it on. */
  readonly onConnect: Connect;
  /** The launcher ended by itself, and all its actors with it. */
  readonly onExit?: (reason: ExitReason) => void;
  readonly pool?: PoolOptions;
  /** How long an orderly stop may take, in ms. Default 10,000. */
  readonly stopMs?: number;
}

export type LauncherThreadData = { readonly pool?: PoolOptions };
export type LauncherThreadMessage = ConnectMessage | { readonly type: 'stop' };
type FromLauncher = ConnectMessage | { readonly type: 'stopped' };

export interface LauncherHandle {
  /** Starts the launcher if there is none. After `stop` the port is closed, which its other end sees. */
  connect(service: 'launcher' | 'sandbox' | 'census', port: MessagePort): void;
  /** Whether its thread exists. */
  readonly isRunning: boolean;
  /** How often it was started again. */
  readonly restarts: number;
  /** How it ended last by itself. */
  readonly lastExit: TreeNode['lastExit'];
  /** Ends its actors, the sandbox process and the thread. Idempotent. */
  stop(): Promise<void>;
}

/** Heap of a thread that only passes messages; out of reach unless it leaks. */
const OLD_GENERATION_MB = 256;
const DEFAULT_STOP_MS = 10_000;

/** Starts nothing yet. */
export function startLauncher(options: LauncherHandleOptions): LauncherHandle {
  let worker: Worker | undefined;
  let stopping: Promise<void> | undefined;
  let starts = 0;
  let lastExit: TreeNode['lastExit'];
  const start = (): Worker => {
    const started = spawn(options, (reason) => {
      if (worker === started) worker = undefined;
      lastExit = { reason: describeExit(reason), atMs: Date.now() };
      if (stopping === undefined) options.onExit?.(reason);
    });
    starts += 1;
    return started;
  };
  return {
    connect(service, port) {
      if (stopping !== undefined) return port.close();
      worker ??= start();
      worker.postMessage({ type: 'connect', service, port } satisfies LauncherThreadMessage, [port]);
    },
    get isRunning() {
      return worker !== undefined;
    },
    get restarts() {
      return Math.max(0, starts - 1);
    },
    get lastExit() {
      return lastExit;
    },
    stop() {
      stopping ??= worker === undefined ? Promise.resolve() : end(worker, options.stopMs ?? DEFAULT_STOP_MS);
      return stopping;
    },
  };
}

function spawn(options: LauncherHandleOptions, onExit: (reason: ExitReason) => void): Worker {
  const worker = new Worker(workerUrl('../entry/launcher-thread', import.meta.url), {
    name: threadName('launcher'),
    execArgv: threadExecArgv(),
    resourceLimits: { ...actorResourceLimits, maxOldGenerationSizeMb: OLD_GENERATION_MB },
    workerData: { ...(options.pool && { pool: options.pool }) } satisfies LauncherThreadData,
  });
  let error: unknown;
  // It may come twice (a throw, then out of memory while it is handled); the second without a listener would be thrown.
  worker.on('error', (thrown) => {
    error ??= thrown;
  });
  worker.once('exit', (exitCode) => onExit(threadFailure(exitCode, error)));
  worker.on('message', (message: FromLauncher) => {
    if (message.type === 'connect') options.onConnect(message.service, message.port);
  });
  worker.unref();
  return worker;
}

async function end(worker: Worker, stopMs: number): Promise<void> {
  const release = keepAlive();
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, stopMs);
  worker.on('message', (message: FromLauncher) => message.type === 'stopped' && resolve());
  worker.once('exit', () => resolve());
  worker.postMessage({ type: 'stop' } satisfies LauncherThreadMessage);
  await promise;
  clearTimeout(timer);
  await worker.terminate();
  release();
}
