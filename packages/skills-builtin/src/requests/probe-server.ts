// Servers of node:http and node:https on main. A response that is never sent whole has no channel: it is seen when its
// connection closes, so there is one listener for each connection and none for each request.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Flight } from './flights.ts';
import { now, pathOf, type Side } from './side.ts';
import { type Counters, exactlyReceived, mayHaveBody, readBy, receivedOf, writtenBy } from './sizes.ts';
import { slot } from './slots.ts';
import type { Subscription } from './subscribe.ts';

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
}

class Connection {
  readonly socket: WeakRef<Socket>;
  readonly isCounted: boolean;
  /** A request from before the attaching is in flight on it: answers cannot be told apart yet. */
  isBlind: boolean;
  first: Flight | undefined = undefined;
  last: Flight | undefined = undefined;
  /** Used over and over: without pipelining a connection has one request at a time. */
  readonly own = new Flight();
  /** Bytes that were written when the response before was sent. */
  #written: number;

  constructor(socket: Socket, isCounted: boolean, isBlind: boolean) {
    this.socket = new WeakRef(socket);
    this.isCounted = isCounted;
    this.isBlind = isBlind;
    this.#written = writtenBy(socket);
  }

  /** Bytes since it was asked before: responses are written one after another. */
  takeWritten(socket: Counters): number {
    const before = this.#written;
    this.#written = writtenBy(socket);
    return this.#written - before;
  }
}

const CONNECTION = Symbol('nodelens.connection');
type Watched = Socket & { [CONNECTION]?: Connection; _httpMessage?: object | null; _parent?: Watched | null };

export function watchServers(numbers: Float64Array, side: Side): Subscription {
  const connections = new Set<Connection>();
  const countConnections = (by: number): void => {
    numbers[slot.serverConnections] = (numbers[slot.serverConnections] ?? 0) + by;
  };
  const watch = (socket: Watched): Connection => {
    // A TLS socket stands on one that is counted already, if that was seen.
    const isCounted = socket._parent?.[CONNECTION] === undefined;
    const connection = new Connection(socket, isCounted, socket._httpMessage != null);
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
  }
  return {
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
          const responseBytes = connection?.takeWritten(socket) ?? 0;
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
