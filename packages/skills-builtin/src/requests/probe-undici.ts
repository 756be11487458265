// Requests that the app makes with fetch, or with an undici of its own: both publish on the same channels.
import { ClientSide } from './client-side.ts';
import type { Flight } from './flights.ts';
import { pathOf, type Side } from './side.ts';
import type { Subscription } from './subscribe.ts';

const FLIGHT = Symbol('nodelens.flight');
const REFERENCE = Symbol('nodelens.reference');

interface UndiciRequest {
  readonly method: string;
  readonly path: string;
  readonly origin?: unknown;
  readonly upgrade?: unknown;
  [FLIGHT]?: Flight;
}

interface Connection {
  [REFERENCE]?: WeakRef<object>;
}

interface Message {
  readonly request: UndiciRequest;
  readonly socket?: Connection;
  readonly response?: { readonly statusCode: number };
  readonly error?: unknown;
}

export function watchUndici(numbers: Float64Array, side: Side): Subscription {
  const client = new ClientSide(numbers, side, targetOf);
  const on =
    (act: (flight: Flight, message: Message) => void) =>
    (message: unknown): void => {
      const flight = (message as Message).request[FLIGHT];
      if (flight !== undefined) act(flight, message as Message);
    };
  return {
    channels: [
      [
        'undici:request:create',
        (message) => {
          const { request } = message as Message;
          // What becomes a connection of its own (WebSocket, tunnel) has no end that a request has.
          if (request.method === 'CONNECT' || request.upgrade) return;
          const flight = client.begin(request.method, request.path);
          flight.origin = request.origin;
          request[FLIGHT] = flight;
        },
      ],
      [
        'undici:client:sendHeaders',
        on((flight, { socket }) => {
          flight.connection = socket && referenceTo(socket);
          client.sent(flight);
        }),
      ],
      [
        'undici:request:headers',
        on((flight, { response }) => {
          const status = response?.statusCode ?? 0;
          // 103 Early Hints are no answer yet.
          if (status >= 200) client.answered(flight, status);
        }),
      ],
      ['undici:request:trailers', on((flight) => client.finish(flight))],
      ['undici:request:error', on((flight, { error }) => client.fail(flight, error))],
    ],
    end() {
      // Nothing is left but the flights on requests, which end with them.
    },
  };
}

/** One for each connection, not for each request. */
const referenceTo = (socket: Connection): WeakRef<object> => {
  socket[REFERENCE] ??= new WeakRef(socket);
  return socket[REFERENCE];
};

/** Given as `proxy: path` a path is a URL of its own. */
export function targetOf({ origin, url }: Flight): string {
  const path = pathOf(url);
  return path.startsWith('/') ? `${String(origin ?? '')}${path}` : path;
}
