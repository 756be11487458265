// What a pool of threads is told: its bounds (JSON, they travel to the launcher), and what it asks of its surroundings.
import { workerUrl } from '../../worker-url.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { Headroom } from '../limits/headroom.ts';
import type { Connect } from './services.ts';

export interface PoolOptions {
  /** Default 4. */
  readonly maxThreads?: number;
  /** Actors that may wait for a thread. Default 64. */
  readonly maxQueue?: number;
  /** Idle time after which a thread is released, in ms. Default 4,000. */
  readonly idleTimeoutMs?: number;
  /**
   * While all threads are busy, the next one is started only when none has come up or become free for so long, in ms.
   * Default 0: at once.
   */
  readonly growAfterMs?: number;
  /** URL of the first file of its threads. Default: the one for any actor. */
  readonly task?: string;
}

export const defaultPool: Required<PoolOptions> = {
  maxThreads: 4,
  maxQueue: 64,
  // Longer than a coordinator waits before it asks further operators (3 s), so that they find the threads of the first.
  idleTimeoutMs: 4_000,
  growAfterMs: 0,
  task: workerUrl('../entry/pool-task', import.meta.url).href,
};

export interface PoolSurroundings {
  readonly clock?: Clock;
  /** Asked before a thread is started. */
  readonly headroom?: Headroom;
  /** Serves a service on a port, or hands it to who does. Without it actors have the ports that they were given. */
  readonly connect?: Connect;
}

export const withoutLimits: Required<Omit<PoolSurroundings, 'connect'>> = {
  clock: systemClock,
  headroom: () => Number.POSITIVE_INFINITY,
};
