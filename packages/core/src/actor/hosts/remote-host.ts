// A host over a port: the actor's own port is made here and moved through, so its messages go directly and only life
// and death pass here. When the client is gone, the actors that it started are stopped.
import type { MessagePort } from 'node:worker_threads';
import { fail } from '../../errors.ts';
import { systemClock } from '../clock.ts';
import type { ExitReason } from '../exit.ts';
import {
  ActorHost,
  type ActorRun,
  type ActorStage,
  type HostOptions,
  type Parking,
  type RunRequest,
} from './actor-host.ts';
import type { ToClient, ToServer } from './host-link.ts';
import type { PortSource, ServicePort } from './services.ts';

/** A server that does not even confirm a kill within this time counts as gone. */
const KILL_CONFIRM_MS = 5_000;

/**
 * The client's end; `close` stops the actors that were started through it.
 * @param source the port, or a function that opens one: then a start after the server was lost connects anew.
 */
export const connectHost = (source: PortSource, options: HostOptions = {}): ActorHost =>
  new ActorHost(new RemoteStage(source), options);

interface ClientRun {
  readonly requestStop: () => void;
  readonly settle: (reason: ExitReason) => void;
}

class RemoteStage implements ActorStage {
  readonly #open: (() => ServicePort) | undefined;
  #connection: Connection | undefined;
  #isClosed = false;

  constructor(source: PortSource) {
    this.#open = typeof source === 'function' ? source : undefined;
    if (typeof source !== 'function') this.#connection = new Connection(source);
  }

  run(request: RunRequest): ActorRun {
    return this.#connected(request.spec.id).run(request);
  }

  park(modules: readonly string[]): Parking {
    return this.#connected('spare').park(modules);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#connection?.close();
  }

  #connected(id: string): Connection {
    if (this.#open !== undefined && !this.#isClosed && !this.#connection?.isOpen)
      this.#connection = new Connection(this.#open());
    if (this.#connection === undefined) throw fail('host_closed', { id });
    return this.#connection;
  }
}

/** One port to a server, and the runs that it knows of. */
class Connection {
  /** Whether runs can be started. */
  isOpen = true;
  readonly #port: ServicePort;
  readonly #runs = new Map<number, ClientRun>();
  /** What tells that it has ended, by its id. */
  readonly #parked = new Map<number, () => void>();
  #nextId = 1;

  constructor(port: ServicePort) {
    this.#port = port;
    port.on('message', (message: ToClient) => this.#receive(message));
    port.on('close', () => this.close());
    port.unref();
  }

  /** @param parkId where it may be on a thread that waits. */
  run({ spec, port, ports, requestStop }: RunRequest, parkId?: number): ActorRun {
    if (!this.isOpen) throw fail('host_closed', { id: spec.id });
    const runId = this.#nextId++;
    const { promise: ended, resolve: settle } = Promise.withResolvers<ExitReason>();
    const parked = parkId === undefined ? {} : { parkId };
    this.#post({ type: 'run', runId, ...parked, spec, port, ports }, [port, ...Object.values(ports)]);
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

  park(modules: readonly string[]): Parking {
    if (!this.isOpen) throw fail('host_closed', { id: 'spare' });
    const parkId = this.#nextId++;
    const { promise: ended, resolve: settle } = Promise.withResolvers<void>();
    this.#post({ type: 'park', parkId, modules });
    this.#parked.set(parkId, settle);
    return {
      ended,
      run: (request) => this.run(request, parkId),
      end: () => this.#post({ type: 'unpark', parkId }),
    };
  }

  /** By us, or because the server is gone. */
  close(): void {
    this.isOpen = false;
    this.#port.close();
    for (const parkId of [...this.#parked.keys()]) this.#unpark(parkId);
    for (const runId of [...this.#runs.keys()]) this.#settle(runId, { kind: 'killed', why: 'host-closed' });
  }

  #receive(message: ToClient): void {
    switch (message.type) {
      case 'ended':
        this.#settle(message.runId, message.reason);
        break;
      case 'park-ended':
        this.#unpark(message.parkId);
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

  #unpark(parkId: number): void {
    this.#parked.get(parkId)?.();
    this.#parked.delete(parkId);
  }

  #post(message: ToServer, transfer: MessagePort[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}
