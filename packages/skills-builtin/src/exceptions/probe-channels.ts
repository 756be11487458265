// Errors that the app has handled, as Node and libraries publish them on diagnostics channels. Channels that would make
// a library do more work for each call (queries, commands) are left alone.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { fieldOf, joinHost, textOf } from './describe-error.ts';
import type { Around, Outlet } from './probe-outlet.ts';

const MAX_OPERATION = 200;

type Message = { readonly [key: string]: unknown };
type Describe = (message: Message) => Omit<Around, 'source'>;

/** What each tells beside `error`. */
const CHANNELS: { readonly [channel: string]: Describe } = {
  'http.client.request.error': ({ request, error }) => ofClientRequest(request, error),
  'undici:request:error': ({ request }) => ofUndiciRequest(request),
  'http2.client.stream.error': () => ({ operation: 'http2 client stream' }),
  'http2.server.stream.error': () => ({ operation: 'http2 server stream' }),
  'tracing:net.server.listen:error': ({ error }) => ({
    operation: operation('listen', `${fieldOf(error, 'address')}:${fieldOf(error, 'port')}`),
  }),
  'tracing:child_process.spawn:error': ({ process: child }) => ({
    operation: operation('spawn', fieldOf(child, 'spawnfile')),
  }),
  'tracing:fastify.request.handler:error': ({ route }) => ({
    operation: operation(fieldOf(route, 'method'), fieldOf(route, 'url')),
  }),
};

export function watchChannels(outlet: Outlet): () => void {
  const subscribers = Object.entries(CHANNELS).map(([channel, describe]) => {
    const subscriber = (message: unknown): void => {
      try {
        const { error } = message as Message;
        outlet.tell('handled', error, { source: channel, ...attempt(() => describe(message as Message)) });
      } catch {
        // A message that is not what its channel promises; a subscriber that throws would end the app.
      }
    };
    subscribe(channel, subscriber);
    return () => void unsubscribe(channel, subscriber);
  });
  return () => {
    for (const undo of subscribers) undo();
  };
}

/** Without it an error is told all the same. */
function attempt(describe: () => Omit<Around, 'source'>): Omit<Around, 'source'> {
  try {
    return describe();
  } catch {
    return {};
  }
}

/** `GET /orders`; the query is left out, for it may carry secrets. */
function operation(verb: unknown, what: unknown): string | undefined {
  const parts = [textOf(Array.isArray(verb) ? verb[0] : verb), textOf(what, MAX_OPERATION)?.split('?')[0]];
  return parts.filter((part) => part !== undefined).join(' ') || undefined;
}

interface ClientRequest {
  readonly method?: unknown;
  readonly path?: unknown;
  readonly host?: unknown;
  readonly protocol?: unknown;
  readonly destroyed?: unknown;
  getHeader?(name: string): unknown;
}

function ofClientRequest(request: unknown, error: unknown): Omit<Around, 'source'> {
  const { method, path, host, protocol, destroyed, getHeader } = request as ClientRequest;
  const header = textOf(getHeader?.call(request, 'host')) ?? textOf(host);
  const isSecure = protocol === 'https:';
  const hasPort = header !== undefined && /:\d+$/.test(header);
  return {
    operation: operation(method, path),
    peer: header === undefined || hasPort ? header : joinHost(header, isSecure ? 443 : 80),
    // `request.destroy()`: Node says the same of it as of a peer that hangs up, where the request is not destroyed yet.
    ...(destroyed === true && isHangUp(error) && { isCancelled: true }),
  };
}

const isHangUp = (error: unknown): boolean =>
  fieldOf(error, 'code') === 'ECONNRESET' && fieldOf(error, 'syscall') === undefined;

function ofUndiciRequest(request: unknown): Omit<Around, 'source'> {
  const { method, path, origin } = request as { method?: unknown; path?: unknown; origin?: unknown };
  const url = new URL(String(origin));
  const isSecure = url.protocol === 'https:';
  return {
    operation: operation(method, path),
    peer: url.port === '' ? `${url.hostname}:${isSecure ? 443 : 80}` : url.host,
  };
}
