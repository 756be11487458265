// Servers of node:http and node:https on main. A response that is never sent whole has no channel: it is seen when its
// connection closes, so there is one listener for each connection and none for each request.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Flight } from './flights.ts';
import { createPlaces } from './places.ts';
import { now, pathOf, type Side } from './side.ts';
import {
  type Counters,
  exactlyReceived,
  knownLength,
  mayHaveBody,
  readBy,
  receivedOf,
  writtenBy,
} from './sizes.ts';
import { slot } from './slots.ts';
import type { Subscription } from './subscribe.ts';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
}

/** Headers of so many responses at most are counted to the next one that does not know its size: 64 KB at 1 KB each. */
const MOST_UNREAD = 64;

class Connection {
  readonly socket: WeakRef<Socket>;
  readonly isCounted: boolean;
  /** A request from before the attaching is in flight on it: answers cannot be told apart yet. */
  isBlind: boolean;
  first: Flight | undefined = undefined;
  last: Flight | undefined = undefined;
  /** Used over and over: without pipelining a connection has one request at a time. */
  readonly own = new Flight();
  /** Bytes that were written when the counter was read last. */
  #written: number;
  /** Bytes of the responses since then, without their headers, and how many they were. */
  #known = 0;
  #unread = 0;

  constructor(socket: Socket, isCounted: boolean, isBlind: boolean) {
    this.socket = new WeakRef(socket);
    this.isCounted = isCounted;
    this.isBlind = isBlind;
    this.#written = writtenBy(socket);
  }

  /**
   * Bytes of the response that was just sent: responses are written one after another. The counter, 0.14 us of native
   * code, is read for those that do not know their size, and now and then, so that headers do not add up.
   */
  take(response: ServerResponse, socket: Counters): number {
    const length = knownLength(response as ServerResponse & { readonly _contentLength?: number | null });
    if (length === undefined) return this.takeWritten(socket);
    this.#known += length;
    this.#unread += 1;
    if (this.#unread === MOST_UNREAD) this.takeWritten(socket);
    return length;
  }

  /** Bytes since the last response. */
  takeWritten(socket: Counters): number {
    const before = this.#written + this.#known;
    this.#written = writtenBy(socket);
    this.#known = 0;
    this.#unread = 0;
    return Math.max(0, this.#written - before);
  }
}

const CONNECTION = Symbol('nodelens.connection');
type Watched = Socket & { [CONNECTION]?: Connection; _httpMessage?: object | null; _parent?: Watched | null };

export interface ServerWatch extends Subscription {
  /** Those in flight that have a place. */
  placed(): Flight[];
}

export function watchServers(numbers: Float64Array, side: Side): ServerWatch {
  const connections = new Set<Connection>();
  const places = createPlaces();
  const countConnections = (by: number): void => {
    numbers[slot.serverConnections] = (numbers[slot.serverConnections] ?? 0) + by;
  };
  const watch = (socket: Watched): Connection => {
    // A TLS socket stands on one that is counted already, if that was seen.
    const isCounted = socket._parent?.[CONNECTION] === undefined;
    const connection = new Connection(socket, isCounted, socket._httpMessage != null);
    connection.own.place = places.take();
    socket[CONNECTION] = connection;
    connections.add(connection);
    socket.on('close', onClose);
    if (isCounted) countConnections(1);
    return connection;
  };
  const forget = (connection: Connection): void => {
    connections.delete(connection);
    if (connection.isCounted) countConnections(-1);
  };
  function onClose(this: Watched): void {
    const connection = this[CONNECTION];
    if (connection === undefined || !connections.has(connection)) return;
    forget(connection);
    let responseBytes = connection.takeWritten(this);
    for (let one = connection.first; one !== undefined; one = one.behind) {
      one.requestBytes = receivedOf(one, this);
      one.responseBytes = responseBytes;
      responseBytes = 0;
      side.fail(one, 'closed before the response was sent', now(), targetOf);
    }
    connection.first = undefined;
    places.giveBack(connection.own.place);
  }
  return {
    placed: () => [...connections].flatMap(({ own }) => (own.isOpen && own.place > 0 ? [own] : [])),
    channels: [
      [
        'net.server.socket',
        (message) => {
          const { socket } = message as {
            readonly socket: Watched & {
              readonly server?: Socket['on'] & { listenerCount?(event: string): number };
            };
          };
          if (Number(socket.server?.listenerCount?.('request')) > 0) watch(socket);
        },
      ],
      [
        'http.server.request.start',
        (message) => {
          const { socket } = message as Exchange;
          const connection = (socket as Watched)[CONNECTION] ?? watch(socket);
          if (connection.isBlind && (socket as Watched)._httpMessage != null) return;
          connection.isBlind = false;
          begin(connection, message as Exchange, side);
        },
      ],
      [
        'http.server.response.finish',
        (message) => {
          const { request, response, socket } = message as Exchange;
          const connection = (socket as Watched)[CONNECTION];
          const flight = connection?.first;
          const responseBytes = connection?.take(response, socket) ?? 0;
          if (connection === undefined || flight === undefined) return;
          flight.requestBytes = exactlyReceived(receivedOf(flight, socket), request);
          flight.responseBytes = responseBytes;
          connection.first = flight.behind;
          flight.behind = undefined;
          const at = now();
          side.measure(flight, at);
          side.finish(flight, response.statusCode, at, targetOf);
        },
      ],
    ],
    end() {
      for (const connection of connections) {
        const socket = connection.socket.deref() as Watched | undefined;
        socket?.off('close', onClose);
        if (socket !== undefined) delete socket[CONNECTION];
      }
      connections.clear();
    },
  };
}

function begin(connection: Connection, { request, socket }: Exchange, side: Side): void {
  const { method = '', url = '' } = request;
  const isAlone = connection.first === undefined;
  const flight = isAlone ? connection.own : new Flight();
  flight.method = method;
  flight.url = url;
  flight.readFrom = mayHaveBody(method) ? readBy(socket) : -1;
  flight.readTo = 0;
  if (isAlone) connection.first = flight;
  else if (connection.last !== undefined) {
    connection.last.behind = flight;
    connection.last.readTo = readBy(socket);
  }
  connection.last = flight;
  side.begin(flight, now());
}

const targetOf = ({ url }: Flight): string => pathOf(url);
