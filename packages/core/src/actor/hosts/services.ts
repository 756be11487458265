// Ports that an actor needs but its starter does not have: the host asks the thread that serves them. A thread
// serves what it has and hands the rest to its parent: launcher -> recorder -> main.
import { MessageChannel, type MessagePort, type Transferable } from 'node:worker_threads';

export type ServiceName =
  /** A SkillHost: the built-in skills, on the recorder. */
  | 'skills'
  /** A SkillHost: the user's skills, on main. */
  | 'main-skills'
  /** A live model object of the user, on main. */
  | 'main-model'
  /** The sandbox process, owned by the launcher. */
  | 'sandbox'
  /** How much memory is left, on the recorder. */
  | 'memory'
  /** A StoreDesk: what was found is kept there, on the recorder. */
  | 'store'
  /** A ModelDesk: what model calls may cost and did cost, on the recorder. */
  | 'models'
  /** A ResidentsDesk: the continuous operators, on the recorder. */
  | 'residents'
  /** A CensusDesk on the launcher; closed at once where there is no launcher: none is started to be asked. */
  | 'census'
  /** A host on the launcher, to start further actors. */
  | 'launcher';

/** Travels from child to parent thread with `port` in the transfer list. */
export interface ConnectMessage {
  readonly type: 'connect';
  readonly service: ServiceName;
  readonly port: MessagePort;
}

export type PortEvent = 'message' | 'close';
export type PortListener = Parameters<MessagePort['on']>[1];

/** What the user of a service does with its port: a MessagePort, or one that is lent (kept-ports.ts). */
export interface ServicePort {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void;
  on(event: PortEvent, listener: PortListener): unknown;
  once(event: PortEvent, listener: PortListener): unknown;
  off(event: PortEvent, listener: PortListener): unknown;
  start(): void;
  ref(): void;
  unref(): void;
  close(): void;
}

export type ServicePorts = { readonly [name: string]: ServicePort };

/** A port, or what opens one: then it is opened at first use, and keeps no thread alive. */
export type PortSource = ServicePort | (() => ServicePort);

export type Connect = (service: ServiceName, port: MessagePort) => void;

/** The near end of a new connection to that service. */
export function openPort(connect: Connect, service: ServiceName): MessagePort {
  const { port1, port2 } = new MessageChannel();
  connect(service, port2);
  return port1;
}
