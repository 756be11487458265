// The services of the actors of a pooled thread, one actor after the other. A port is opened when its actor reads it:
// most runs need one or two of five. Those to desks that only answer calls stay open for the next actor, which is lent
// them: the messages that are meant for one are of no meaning to another.
import { MessageChannel, type MessagePort, type Transferable } from 'node:worker_threads';
import type { Ports } from './host.ts';
import type { Connect, PortEvent, PortListener, ServiceName, ServicePort, ServicePorts } from './services.ts';

/** Served by calls with an id that nobody else has (rpc.ts); a closed port means nothing to who serves them. */
const KEPT: ReadonlySet<ServiceName> = new Set(['skills', 'main-skills', 'store', 'models']);

export interface ActorPorts {
  readonly ports: ServicePorts;
  /** Closes what is open, and gives back what was lent. */
  close(): void;
}

export class KeptPorts {
  readonly #connect: Connect;
  readonly #kept = new Map<ServiceName, MessagePort>();

  constructor(connect: Connect) {
    this.#connect = connect;
  }

  /** For the next actor: what it was given, and what it needs beside. */
  portsOf(services: readonly ServiceName[], given: Ports): ActorPorts {
    const ports: Record<string, ServicePort> = { ...given };
    const open: ServicePort[] = Object.values(given);
    let isClosed = false;
    for (const service of services.filter((name) => !(name in given))) {
      let port: ServicePort | undefined;
      const read = (): ServicePort => {
        if (port === undefined) {
          port = this.#get(service);
          open.push(port);
          if (isClosed) port.close();
        }
        return port;
      };
      Object.defineProperty(ports, service, { enumerable: true, get: read });
    }
    return {
      ports,
      close: () => {
        isClosed = true;
        for (const port of open) port.close();
      },
    };
  }

  #get(service: ServiceName): ServicePort {
    return KEPT.has(service) ? new LentPort(this.#keep(service)) : this.#open(service);
  }

  #keep(service: ServiceName): MessagePort {
    const existing = this.#kept.get(service);
    if (existing !== undefined) return existing;
    const port = this.#open(service);
    this.#kept.set(service, port);
    port.once('close', () => {
      if (this.#kept.get(service) === port) this.#kept.delete(service);
    });
    return port;
  }

  #open(service: ServiceName): MessagePort {
    const { port1, port2 } = new MessageChannel();
    this.#connect(service, port2);
    return port1;
  }
}

/** A port for the life of one actor: closed, it hears and says nothing any more, and the port itself goes on. */
class LentPort implements ServicePort {
  readonly #port: MessagePort;
  readonly #listeners: [PortEvent, PortListener][] = [];
  #isClosed = false;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  postMessage(message: unknown, transfer: readonly Transferable[] = []): void {
    if (!this.#isClosed) this.#port.postMessage(message, transfer);
  }

  on(event: PortEvent, listener: PortListener): void {
    if (this.#isClosed) return;
    this.#listeners.push([event, listener]);
    this.#port.on(event, listener);
  }

  once(event: PortEvent, listener: PortListener): void {
    if (this.#isClosed) return;
    this.#listeners.push([event, listener]);
    this.#port.once(event, listener);
  }

  off(event: PortEvent, listener: PortListener): void {
    this.#port.off(event, listener);
  }

  start(): void {
    this.#port.start();
  }

  ref(): void {
    this.#port.ref();
  }

  unref(): void {
    this.#port.unref();
  }

  close(): void {
    this.#isClosed = true;
    for (const [event, listener] of this.#listeners) this.#port.off(event, listener);
    this.#listeners.length = 0;
  }
}
