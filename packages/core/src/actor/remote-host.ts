// A host over a port: the actor's own port is made here and moved through, so its messages go directly and only life
// and death pass here. When the client is gone, the actors that it started are stopped.
import type { MessagePort } from 'node:worker_threads';
import { fail, toWire } from '../errors.ts';
import {
  ActorHost,
  type ActorRun,
  type ActorStage,
  type HostOptions,
  type RunRequest,
} from './actor-host.ts';
import { DEFAULT_SHUTDOWN_MS } from './actor-start.ts';
import type { ChildSpec } from './child-spec.ts';
import { systemClock } from './clock.ts';
import type { ExitReason, KillCause } from './exit.ts';
import type { Ports } from './host.ts';

type ToServer =
  | {
      readonly type: 'run';
      readonly runId: number;
      readonly spec: ChildSpec;
      readonly port: MessagePort;
      readonly ports: Ports;
    }
  | { readonly type: 'cancel-start'; readonly runId: number }
  | { readonly type: 'kill'; readonly runId: number; readonly why: KillCause };

type ToClient =
  | { readonly type: 'ended'; readonly runId: number; readonly reason: ExitReason }
  /** The server is about to close: stop your actors. */
  | { readonly type: 'closing' };

/** A server that does not even confirm a kill within this time counts as gone. */
const KILL_CONFIRM_MS = 5_000;

/**
 * The client's end; `close` stops the actors that were started through it.
 * @param source the port, or a function that opens one: then a start after the server was lost connects anew.
 */
export const connectHost = (
  source: MessagePort | (() => MessagePort),
  options: HostOptions = {},
): ActorHost => new ActorHost(new RemoteStage(source), options);

interface ClientRun {
  readonly requestStop: () => void;
  readonly settle: (reason: ExitReason) => void;
}

class RemoteStage implements ActorStage {
  readonly #open: (() => MessagePort) | undefined;
  #connection: Connection | undefined;
  #isClosed = false;

  constructor(source: MessagePort | (() => MessagePort)) {
    this.#open = typeof source === 'function' ? source : undefined;
    if (typeof source !== 'function') this.#connection = new Connection(source);
  }

  run(request: RunRequest): ActorRun {
    if (this.#open !== undefined && !this.#isClosed && !this.#connection?.isOpen)
      this.#connection = new Connection(this.#open());
    if (!this.#connection?.isOpen) throw fail('host_closed', { id: request.spec.id });
    return this.#connection.run(request);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#connection?.close();
  }
}

/** One port to a server, and the runs that it knows of. */
class Connection {
  /** Whether runs can be started. */
  isOpen = true;
  readonly #port: MessagePort;
  readonly #runs = new Map<number, ClientRun>();
  #nextRunId = 1;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', (message: ToClient) => this.#receive(message));
    port.on('close', () => this.close());
    port.unref();
  }

  run({ spec, port, ports, requestStop }: RunRequest): ActorRun {
    const runId = this.#nextRunId++;
    const { promise: ended, resolve: settle } = Promise.withResolvers<ExitReason>();
    this.#post({ type: 'run', runId, spec, port, ports }, [port, ...Object.values(ports)]);
    this.#runs.set(runId, { requestStop, settle });
    return {
      ended,
      cancelStart: () => this.#post({ type: 'cancel-start', runId }),
      kill: (why) => {
        this.#post({ type: 'kill', runId, why });
        const undo = systemClock.after(KILL_CONFIRM_MS, () => this.#settle(runId, { kind: 'killed', why }));
        void ended.then(undo);
      },
    };
  }

  /** By us, or because the server is gone. */
  close(): void {
    this.isOpen = false;
    this.#port.close();
    for (const runId of [...this.#runs.keys()]) this.#settle(runId, { kind: 'killed', why: 'host-closed' });
  }

  #receive(message: ToClient): void {
    switch (message.type) {
      case 'ended':
        this.#settle(message.runId, message.reason);
        break;
      case 'closing':
        // Its port is still open for the ends of what runs; what is started now would be lost.
        this.isOpen = false;
        for (const run of this.#runs.values()) run.requestStop();
        break;
      default:
        message satisfies never;
    }
  }

  #settle(runId: number, reason: ExitReason): void {
    this.#runs.get(runId)?.settle(reason);
    this.#runs.delete(runId);
  }

  #post(message: ToServer, transfer: MessagePort[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}

interface ServedRun {
  readonly run: ActorRun;
  readonly shutdownMs: number;
}

/** Lets the other end of `port` run actors on `host`. The returned function stops them and closes the port. */
export function serveHost(port: MessagePort, host: ActorHost): () => Promise<void> {
  const runs = new Map<number, ServedRun>();
  const post = (message: ToClient): void => port.postMessage(message);

  const begin = ({ runId, spec, port, ports }: Extract<ToServer, { type: 'run' }>): void => {
    try {
      const run = host.stage.run({ spec, port, ports, requestStop: () => post({ type: 'closing' }) });
      runs.set(runId, { run, shutdownMs: spec.shutdownMs ?? DEFAULT_SHUTDOWN_MS });
      void run.ended.then((reason) => {
        runs.delete(runId);
        post({ type: 'ended', runId, reason });
      });
    } catch (error) {
      for (const given of [port, ...Object.values(ports)]) given.close();
      post({ type: 'ended', runId, reason: { kind: 'failed', error: toWire(error) } });
    }
  };

  // The actors' own ports are closed with the client, which is their order to stop; this is what enforces it.
  const stopAll = async (): Promise<void> => {
    await Promise.all([...runs.values()].map(endWithin));
  };

  port.on('message', (message: ToServer) => {
    if (message.type === 'run') return begin(message);
    const served = runs.get(message.runId);
    if (message.type === 'kill') served?.run.kill(message.why);
    else served?.run.cancelStart();
  });
  port.on('close', () => void stopAll());
  port.unref();

  return async () => {
    post({ type: 'closing' });
    await stopAll();
    port.close();
  };
}

async function endWithin({ run, shutdownMs }: ServedRun): Promise<void> {
  run.cancelStart();
  const undo = systemClock.after(shutdownMs, () => run.kill('shutdown-deadline'));
  await run.ended;
  undo();
}
