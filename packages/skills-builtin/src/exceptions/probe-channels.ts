// Errors that the app has handled, as Node and libraries publish them on diagnostics channels, and those of sockets and
// worker threads. Channels that would make a library do more work for each call (queries, commands) are left alone.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type EventEmitter, errorMonitor } from 'node:events';
import type { Socket } from 'node:net';
import { fieldOf, joinHost, textOf } from './describe-error.ts';
import type { Around, Outlet } from './probe-outlet.ts';

const MAX_OPERATION = 200;

type Message = { readonly [key: string]: unknown };
type Describe = (message: Message) => Omit<Around, 'source'>;

/** What each tells beside `error`. */
const CHANNELS: { readonly [channel: string]: Describe } = {
  'http.client.request.error': ({ request }) => ofClientRequest(request),
  'undici:request:error': ({ request }) => ofUndiciRequest(request),
  'http2.client.stream.error': () => ({ operation: 'http2 client stream' }),
  'http2.server.stream.error': () => ({ operation: 'http2 server stream' }),
  'tracing:net.server.listen:error': () => ({ operation: 'listen' }),
  'tracing:child_process.spawn:error': ({ error }) => ({
    operation: operation('spawn', fieldOf(error, 'path')),
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
        outlet.tell('handled', error, { source: channel, ...describe(message as Message) });
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
  getHeader?(name: string): unknown;
}

function ofClientRequest(request: unknown): Omit<Around, 'source'> {
  const { method, path, host, protocol, getHeader } = request as ClientRequest;
  const header = textOf(getHeader?.call(request, 'host')) ?? textOf(host);
  const isSecure = protocol === 'https:';
  const hasPort = header !== undefined && /:\d+$/.test(header);
  return {
    operation: operation(method, path),
    peer: header === undefined || hasPort ? header : joinHost(header, isSecure ? 443 : 80),
  };
}

function ofUndiciRequest(request: unknown): Omit<Around, 'source'> {
  const { method, path, origin } = request as { method?: unknown; path?: unknown; origin?: unknown };
  const url = new URL(String(origin));
  const isSecure = url.protocol === 'https:';
  return {
    operation: operation(method, path),
    peer: url.port === '' ? `${url.hostname}:${isSecure ? 443 : 80}` : url.host,
  };
}

/** Half of them may be gone before the list is cleaned. */
const CLEAN_FROM = 256;

/** Errors of outgoing connections and worker threads: `errorMonitor` listeners count as nobody's handling. */
export function watchEmitters(outlet: Outlet): () => void {
  let watched: WeakRef<EventEmitter>[] = [];
  let cleanAt = CLEAN_FROM;
  const remember = (emitter: EventEmitter): void => {
    watched.push(new WeakRef(emitter));
    if (watched.length < cleanAt) return;
    watched = watched.filter((one) => one.deref() !== undefined);
    cleanAt = Math.max(CLEAN_FROM, 2 * watched.length);
  };
  function onSocketError(this: Socket & { _host?: unknown }, error: unknown): void {
    if (typeof error !== 'object' || error === null || isOfClient(fieldOf(error, 'code'))) return;
    const host = textOf(this._host);
    const port = fieldOf(error, 'port') ?? this.remotePort;
    const peer = host !== undefined && typeof port === 'number' ? joinHost(host, port) : undefined;
    outlet.tellLater(error, { source: 'net.client.socket', operation: 'connection', peer });
  }
  function onWorkerError(this: EventEmitter & { threadId?: unknown }, error: unknown): void {
    outlet.tell('uncaught', error, {
      source: 'worker_threads',
      operation: `worker ${Number(this.threadId)}`,
    });
  }
  const onEmitter = (key: string, listener: (this: never, error: unknown) => void) => {
    const subscriber = (message: unknown): void => {
      try {
        const emitter = (message as { [key: string]: EventEmitter })[key];
        emitter?.on(errorMonitor, listener as (error: unknown) => void);
        if (emitter !== undefined) remember(emitter);
      } catch {
        // Not an emitter after all.
      }
    };
    return subscriber;
  };
  const onSocket = onEmitter('socket', onSocketError);
  const onWorker = onEmitter('worker', onWorkerError);
  subscribe('net.client.socket', onSocket);
  subscribe('worker_threads', onWorker);
  return () => {
    unsubscribe('net.client.socket', onSocket);
    unsubscribe('worker_threads', onWorker);
    for (const emitter of watched.map((one) => one.deref()))
      for (const listener of [onSocketError, onWorkerError]) emitter?.off(errorMonitor, listener);
    watched = [];
  };
}

/** undici ends its sockets with errors of its own, also in a healthy service. */
const isOfClient = (code: unknown): boolean => typeof code === 'string' && code.startsWith('UND_ERR_');
