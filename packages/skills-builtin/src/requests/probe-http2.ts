// HTTP/2 on main, both sides (gRPC speaks it too). Each stream is a request; its 'close' channel always fires. Streams
// share a connection, so their sizes are those that they declare.
import { ClientSide } from './client-side.ts';
import { Flight } from './flights.ts';
import { now, pathOf, type Side } from './side.ts';
import { declared } from './sizes.ts';
import type { Subscription } from './subscribe.ts';

const FLIGHT = Symbol('nodelens.flight');

type Headers = { readonly [name: string]: unknown };

interface Stream {
  readonly pending: boolean;
  readonly rstCode: number;
  [FLIGHT]?: Flight;
}

interface Message {
  readonly stream: Stream;
  readonly headers: Headers;
  readonly error?: unknown;
}

const on =
  (act: (flight: Flight, message: Message) => void) =>
  (message: unknown): void => {
    const flight = (message as Message).stream[FLIGHT];
    if (flight !== undefined) act(flight, message as Message);
  };

export const watchHttp2Servers = (side: Side): Subscription => ({
  channels: [
    [
      'http2.server.stream.created',
      (message) => {
        const { stream, headers } = message as Message;
        if (isTunnel(headers)) return;
        const flight = new Flight();
        flight.method = text(headers[':method']);
        flight.url = text(headers[':path']);
        flight.requestBytes = declared(headers['content-length']) ?? 0;
        stream[FLIGHT] = flight;
        side.begin(flight, now());
      },
    ],
    [
      'http2.server.stream.finish',
      on((flight, { headers }) => {
        flight.status = Number(headers[':status'] ?? 200);
        // To HEAD it says what a GET would get.
        if (flight.method !== 'HEAD') flight.responseBytes = declared(headers['content-length']) ?? 0;
      }),
    ],
    [
      'http2.server.stream.close',
      on((flight, { stream }) => {
        if (!flight.isOpen) return;
        const at = now();
        if (flight.status === 0 || stream.rstCode !== 0) {
          flight.requestBytes = 0;
          flight.responseBytes = 0;
          side.fail(flight, 'closed before the response was sent', at, pathOfFlight);
          return;
        }
        side.measure(flight, at);
        side.finish(flight, flight.status, at, pathOfFlight);
      }),
    ],
  ],
  end: leaveNothing,
});

export function watchHttp2Client(numbers: Float64Array, side: Side): Subscription {
  const client = new ClientSide(numbers, side, targetOf);
  return {
    channels: [
      [
        'http2.client.stream.created',
        (message) => {
          const { stream, headers } = message as Message;
          if (isTunnel(headers)) return;
          const flight = client.begin(text(headers[':method']) || 'GET', text(headers[':path']));
          flight.origin = `${text(headers[':scheme'])}://${text(headers[':authority'])}`;
          stream[FLIGHT] = flight;
          // On an open session it was sent before it is told.
          if (!stream.pending) client.sent(flight);
        },
      ],
      ['http2.client.stream.start', on((flight) => client.sent(flight))],
      [
        'http2.client.stream.finish',
        on((flight, { headers }) => client.answered(flight, Number(headers[':status']))),
      ],
      ['http2.client.stream.error', on((flight, { error }) => client.fail(flight, error))],
      [
        'http2.client.stream.close',
        on((flight, { stream }) => {
          if (flight.answeredAt > 0 && stream.rstCode === 0) client.finish(flight);
          else client.fail(flight, `closed with code ${stream.rstCode}`);
        }),
      ],
    ],
    end: leaveNothing,
  };
}

/** What becomes a connection of its own (WebSocket over HTTP/2, tunnel) has no end that a request has. */
const isTunnel = (headers: Headers): boolean => headers[':method'] === 'CONNECT';

/** The flights on streams end with them. */
function leaveNothing(): void {}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const pathOfFlight = ({ url }: Flight): string => pathOf(url);
const targetOf = ({ origin, url }: Flight): string => `${String(origin)}${pathOf(url)}`;
