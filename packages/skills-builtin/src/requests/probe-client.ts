// Requests that the app makes with node:http and node:https. The channel `http.client.response.finish` tells that the
// headers came; that the answer has been received whole is told by the request's own 'close'.
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import { ClientSide } from './client-side.ts';
import type { Flight } from './flights.ts';
import { pathOf, type Side } from './side.ts';
import type { Subscription } from './subscribe.ts';

const SWEEP_EVERY = 1_000;
const SWEPT = 500;

const FLIGHT = Symbol('nodelens.flight');
type Watched = ClientRequest & {
  [FLIGHT]?: Flight;
  agent?: Agent;
  socketPath?: string;
  res?: IncomingMessage;
};

/** @param sawAgent called for each request that has an agent */
export function watchNodeClient(
  numbers: Float64Array,
  side: Side,
  sawAgent: (agent: Agent) => void,
): Subscription {
  const client = new ClientSide(numbers, side, targetOf);
  let created = 0;
  const flightOf = (message: unknown): Flight | undefined =>
    (message as { readonly request: Watched }).request[FLIGHT];
  function onClose(this: Watched): void {
    const flight = this[FLIGHT];
    if (flight === undefined) return;
    if (this.res?.complete === true) client.finish(flight);
    else client.fail(flight, 'closed before the answer was received');
  }
  return {
    channels: [
      [
        'http.client.request.created',
        (message) => {
          const { request } = message as { readonly request: Watched };
          if (request.agent !== undefined) sawAgent(request.agent);
          if (isNoExchange(request)) return;
          created += 1;
          if (created % SWEEP_EVERY === 0) sweep(client);
          const flight = client.begin(request.method, '');
          flight.request = new WeakRef(request);
          request[FLIGHT] = flight;
        },
      ],
      [
        'http.client.request.start',
        (message) => {
          const flight = flightOf(message);
          if (flight !== undefined) client.sent(flight);
        },
      ],
      [
        'http.client.response.finish',
        (message) => {
          const { request, response } = message as {
            readonly request: Watched;
            readonly response: IncomingMessage;
          };
          const flight = request[FLIGHT];
          if (flight === undefined) return;
          client.answered(flight, response.statusCode ?? 0);
          request.on('close', onClose);
        },
      ],
      [
        'http.client.request.error',
        (message) => {
          const flight = flightOf(message);
          if (flight !== undefined) client.fail(flight, (message as { readonly error: unknown }).error);
        },
      ],
    ],
    end() {
      for (let one = side.flights.oldest; one !== undefined; one = one.newer) {
        const request = one.request?.deref() as Watched | undefined;
        request?.off('close', onClose);
        if (request !== undefined) delete request[FLIGHT];
      }
    },
  };
}

/** The app may have taken the listener away, or have made a connection of its own of it: it has ended all the same. */
function sweep(client: ClientSide): void {
  for (const flight of client.side.flights.list(SWEPT))
    if (flight.request !== undefined && flight.request.deref() === undefined)
      client.fail(flight, 'ended unseen');
}

/** What becomes a connection of its own (WebSocket, tunnel) has no end that a request has. */
const isNoExchange = (request: Watched): boolean =>
  request.method === 'CONNECT' || request.hasHeader('upgrade');

export function targetOf(flight: Flight): string {
  const request = flight.request?.deref() as Watched | undefined;
  if (request === undefined) return '(gone)';
  if (typeof request.socketPath === 'string') return `unix:${request.socketPath}${pathOf(request.path)}`;
  return `${request.protocol}//${request.host}${portOf(request)}${pathOf(request.path)}`;
}

/** As in a URL: told only where it is not that of the protocol. */
function portOf(request: Watched): string {
  const { host, protocol, socket } = request;
  const header = request.getHeader('host');
  // A proxy passes on the header of another host.
  const named = typeof header === 'string' && header.startsWith(host) ? header.slice(host.length) : undefined;
  if (named !== undefined) return /^:\d+$/.test(named) ? named : '';
  const port = socket?.remotePort;
  return port === undefined || port === (protocol === 'https:' ? 443 : 80) ? '' : `:${port}`;
}
