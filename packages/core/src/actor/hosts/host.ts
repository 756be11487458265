// Where actors run. Implementations: in this thread, one thread each, pooled threads, and "over there" (the
// launcher); all pass one contract test suite.
import type { MessagePort } from 'node:worker_threads';
import type { ActorRef } from '../messages/ref.ts';
import type { ChildSpec } from '../supervision/child-spec.ts';

export type Ports = { readonly [name: string]: MessagePort };

export interface Host {
  /**
   * Starts an actor; resolves when it is ready. `ports` are moved to it. When `signal` is aborted before, it does not
   * begin if it still waits for a thread, and is asked to stop if it does not.
   * @throws NodelensError `actor_start_failed` when it ends before it is ready, `host_closed`; of a pool
   * `actor_queue_full`, `actor_queue_deadline`, `memory_short`.
   */
  start(spec: ChildSpec, ports?: Ports, signal?: AbortSignal): Promise<ActorRef>;
  /** Asks the actor to stop, waits `spec.shutdownMs`, then kills it; resolves when it is gone. */
  stop(ref: ActorRef): Promise<void>;
  /** Kills it at once; resolves when it is gone. */
  kill(ref: ActorRef): Promise<void>;
  /** Stops all and releases threads. Idempotent. */
  close(): Promise<void>;
}

/** A thread that waits for an actor. */
export interface ParkedThread {
  /** Resolves (never rejects) when it has ended, with or without an actor. */
  readonly ended: Promise<unknown>;
  /** As `Host.start`, on this thread; once. The actor belongs to the host that parked it. */
  start(spec: ChildSpec, ports?: Ports, signal?: AbortSignal): Promise<ActorRef>;
  /** Of no effect once it has an actor. */
  end(): void;
}
