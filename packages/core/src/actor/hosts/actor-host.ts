// The one implementation of Host: refs, start, stop with deadline, kill. Where an actor really runs is a stage:
// in this thread, one thread each, pooled threads, by placement, or on another thread's stage.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { fail, fromWire, isError, reasonOf } from '../../errors.ts';
import { type Clock, systemClock } from '../clock.ts';
import { describeExit, type ExitReason, type KillCause } from '../exit.ts';
import { keepAlive } from '../keep-alive.ts';
import type { Line } from '../messages/line.ts';
import { createLocalLine } from '../messages/local-line.ts';
import { PortLine } from '../messages/port-line.ts';
import { type DeadLetter, PortRef } from '../messages/port-ref.ts';
import type { ActorRef } from '../messages/ref.ts';
import type { ChildSpec } from '../supervision/child-spec.ts';
import { DEFAULT_SHUTDOWN_MS } from './actor-start.ts';
import type { Host, ParkedThread, Ports } from './host.ts';

export interface RunRequest {
  readonly spec: ChildSpec;
  /** The actor's end of the conversation; moved to where it runs. */
  readonly port: MessagePort;
  readonly ports: Ports;
  /** Asks the actor to stop, for a stage that is about to close under it. */
  readonly requestStop: () => void;
}

/** An actor at work, seen from below: no messages, only life and death. */
export interface ActorRun {
  /** Resolves (never rejects) when it is gone; the reason counts when the actor could not tell its own. */
  readonly ended: Promise<ExitReason>;
  /** Shared words of its thread (heartbeat.ts), for whoever looks from outside; absent where it has no thread. */
  readonly heart?: Int32Array | undefined;
  /** The actor has been asked to stop: a run that still waits for its turn ends now. */
  cancelStart(): void;
  kill(why: KillCause): void;
}

/** For an actor in the host's own thread: the actor's end of a plain channel. */
export interface LocalRunRequest {
  readonly spec: ChildSpec;
  readonly line: Line;
  readonly ports: Ports;
}

/** A thread without an actor, seen from below. */
export interface Parking {
  /** Resolves (never rejects) when its thread has ended, with or without an actor. */
  readonly ended: Promise<unknown>;
  /** Shared words of its thread, where they can be seen. */
  readonly heart?: Int32Array | undefined;
  /** Once. @throws when it cannot even begin (input that cannot be cloned). */
  run(request: RunRequest): ActorRun;
  /** Of no effect once it has an actor. */
  end(): void;
}

export interface ActorStage {
  /** @throws when the run cannot even begin (closed, full, input that cannot be cloned). */
  run(request: RunRequest): ActorRun;
  /** Of a stage whose actors all live in the host's own thread: the same without a port. */
  runHere?(request: LocalRunRequest): ActorRun;
  /**
   * Starts a thread that waits for an actor of placement `thread`; absent where none could.
   * @param modules URLs of what it loads meanwhile; what they export as `warmUp` is called.
   */
  park?(modules: readonly string[]): Parking;
  /** Releases what it holds; called when no run is left. Idempotent. */
  close(): Promise<void>;
}

export interface HostOptions {
  readonly clock?: Clock;
  readonly onDeadLetter?: (letter: DeadLetter) => void;
}

type Place = Pick<ActorStage, 'run'>;

interface StartRequest {
  readonly spec: ChildSpec;
  readonly ports: Ports;
  readonly signal: AbortSignal | undefined;
  readonly place: Place;
}

interface Entry {
  readonly spec: ChildSpec;
  readonly ref: PortRef;
  readonly run: ActorRun;
}

type InThisThread = Required<ActorStage>;

/** The owner's end of a new line, and what runs an actor at the other. */
interface Opened {
  readonly line: Line;
  run(request: Omit<RunRequest, 'port'>): ActorRun;
}

export class ActorHost implements Host {
  readonly stage: ActorStage;
  readonly #options: HostOptions;
  readonly #entries = new Map<ActorRef, Entry>();
  #closing: Promise<void> | undefined;

  constructor(stage: ActorStage, options: HostOptions = {}) {
    this.stage = stage;
    this.#options = options;
  }

  start(spec: ChildSpec, ports: Ports = {}, signal?: AbortSignal): Promise<ActorRef> {
    return this.#start({ spec, ports, signal, place: this.stage });
  }

  /**
   * Starts a thread that waits for an actor of placement `thread`; undefined where there is no such thread.
   * @param modules URLs of what it loads meanwhile; what they export as `warmUp` is called.
   */
  park(modules: readonly string[]): ParkedThread | undefined {
    const parking = this.stage.park?.(modules);
    return (
      parking && {
        ended: parking.ended,
        // One that could not even be given its actor is of no use to anybody.
        start: (spec, ports = {}, signal) =>
          this.#start({ spec, ports, signal, place: parking }).finally(() => parking.end()),
        end: () => parking.end(),
      }
    );
  }

  async stop(ref: ActorRef): Promise<void> {
    const entry = this.#entries.get(ref);
    if (entry === undefined) return;
    entry.ref.requestStop('stop');
    entry.run.cancelStart();
    await this.#end(entry, entry.spec.shutdownMs ?? DEFAULT_SHUTDOWN_MS);
  }

  async kill(ref: ActorRef): Promise<void> {
    const entry = this.#entries.get(ref);
    if (entry === undefined) return;
    entry.run.kill('host-closed');
    await this.#end(entry, undefined);
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      await Promise.all([...this.#entries.keys()].map((ref) => this.stop(ref)));
      await this.stage.close();
    })();
    return this.#closing;
  }

  async #start(request: StartRequest): Promise<ActorRef> {
    const { spec, signal } = request;
    const release = keepAlive();
    let cancel: (() => void) | undefined;
    try {
      const { ref, run } = this.#begin(request);
      cancel = () => {
        ref.requestStop('its start was cancelled');
        run.cancelStart();
      };
      if (signal?.aborted) cancel();
      signal?.addEventListener('abort', cancel, { once: true });
      const early = await ref.started;
      if (early === undefined) return ref;
      throw startFailure(spec, early);
    } finally {
      if (cancel !== undefined) signal?.removeEventListener('abort', cancel);
      release();
    }
  }

  #begin({ spec, ports, place }: StartRequest): Entry {
    const { line, run: runAt } =
      this.stage.runHere === undefined ? this.#overPort(spec, place) : this.#here();
    try {
      if (this.#closing !== undefined) throw fail('host_closed', { id: spec.id });
      const { clock = systemClock, onDeadLetter } = this.#options;
      const ref = new PortRef({ id: spec.id, line, clock, onDeadLetter });
      const run = runAt({ spec, ports, requestStop: () => ref.requestStop('its host is closing') });
      const entry = { spec, ref, run };
      this.#entries.set(ref, entry);
      void run.ended.then((reason) => {
        this.#entries.delete(ref);
        ref.finish(reason);
      });
      return entry;
    } catch (error) {
      // The ports were given away: their other ends must learn that nobody will come.
      line.close();
      for (const port of Object.values(ports)) port.close();
      throw asStartFailure(spec, error);
    }
  }

  #overPort({ mailboxCapacity }: ChildSpec, place: Place): Opened {
    const { port1, port2 } = new MessageChannel();
    return {
      line: new PortLine(port1, mailboxCapacity),
      run: (request) => place.run({ ...request, port: port2 }),
    };
  }

  #here(): Opened {
    const { owner, actor } = createLocalLine();
    return {
      line: owner,
      run: ({ spec, ports }) => (this.stage as InThisThread).runHere({ spec, ports, line: actor }),
    };
  }

  /** Waits until it is gone; kills it after `shutdownMs`. */
  async #end(entry: Entry, shutdownMs: number | undefined): Promise<void> {
    const release = keepAlive();
    const { clock = systemClock } = this.#options;
    const undo =
      shutdownMs === undefined
        ? undefined
        : clock.after(shutdownMs, () => entry.run.kill('shutdown-deadline'));
    await Promise.all([entry.ref.exited, entry.run.ended]);
    undo?.();
    release();
  }
}

const SAID_BELOW = [
  'actor_start_failed',
  'actor_queue_full',
  'actor_queue_deadline',
  'host_closed',
  'memory_short',
] as const;

function startFailure({ id }: ChildSpec, early: ExitReason): Error {
  if (early.kind === 'killed' && early.why === 'host-closed') return fail('host_closed', { id });
  const cause = 'error' in early && early.error !== undefined ? fromWire(early.error) : undefined;
  // Said already where it runs.
  if (SAID_BELOW.some((code) => isError(cause, code))) return cause as Error;
  return fail('actor_start_failed', { id, reason: describeExit(early) }, { cause });
}

function asStartFailure(spec: ChildSpec, error: unknown): Error {
  if (isError(error)) return error;
  return fail('actor_start_failed', { id: spec.id, reason: reasonOf(error) }, { cause: error });
}
