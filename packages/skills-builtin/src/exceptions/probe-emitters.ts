// Errors of outgoing connections and of worker threads. Listeners of `errorMonitor` are not taken for handling: an error
// that nobody listens for still ends the process.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type EventEmitter, errorMonitor } from 'node:events';
import type { Socket } from 'node:net';
import type { Worker } from 'node:worker_threads';
import { fieldOf, joinHost, textOf } from './describe-error.ts';
import type { Outlet } from './probe-outlet.ts';

/** Of more, the older half is let go, in case that they never tell their end. */
const MAX_WATCHED = 5_000;

export function watchEmitters(outlet: Outlet): () => void {
  function onSocketError(this: unknown, error: unknown): void {
    if (typeof error !== 'object' || error === null || isOfClient(fieldOf(error, 'code'))) return;
    const peer = peerOf(this as Socket & { readonly _host?: unknown }, error);
    outlet.tellLater(error, { source: 'net.client.socket', operation: 'connection', peer });
  }
  function onWorkerError(this: unknown, error: unknown): void {
    const { threadName, threadId } = this as Worker;
    outlet.tell('uncaught', error, {
      source: 'worker_threads',
      operation: `worker ${textOf(threadName) ?? Number(threadId)}`,
    });
  }
  const ends = [
    watchEach({ channel: 'net.client.socket', field: 'socket', end: 'close' }, onSocketError),
    watchEach({ channel: 'worker_threads', field: 'worker', end: 'exit' }, onWorkerError),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** undici ends its sockets with errors of its own, also in a healthy service. */
const isOfClient = (code: unknown): boolean => typeof code === 'string' && code.startsWith('UND_ERR_');

function peerOf(socket: { readonly _host?: unknown }, error: object): string | undefined {
  const host = textOf(socket._host);
  const port = fieldOf(error, 'port');
  return host !== undefined && typeof port === 'number' ? joinHost(host, port) : host;
}

/** Nodelens' own threads are none of the app. */
const isOwnThread = (emitter: { readonly threadName?: unknown }): boolean =>
  textOf(emitter.threadName)?.startsWith('nl:') === true;

interface Watched {
  readonly channel: string;
  /** Of the channel's message: the emitter. */
  readonly field: string;
  /** The emitter's last event; what is open until then is alive anyway, so a plain set keeps nothing longer. */
  readonly end: string;
}

type Listener = (this: unknown, error: unknown) => void;

function watchEach({ channel, field, end }: Watched, onError: Listener): () => void {
  const watched = new Set<EventEmitter>();
  const release = (emitter: EventEmitter): void => {
    watched.delete(emitter);
    emitter.off(errorMonitor, onError);
    emitter.off(end, onEnd);
  };
  function onEnd(this: unknown): void {
    // It may be connected anew, and is then told anew.
    release(this as EventEmitter);
  }
  const onMade = (message: unknown): void => {
    try {
      const emitter = (
        message as { readonly [field: string]: EventEmitter & { readonly threadName?: unknown } }
      )[field];
      if (emitter === undefined || watched.has(emitter) || isOwnThread(emitter)) return;
      emitter.on(errorMonitor, onError);
      emitter.on(end, onEnd);
      watched.add(emitter);
      if (watched.size > MAX_WATCHED)
        for (const oldest of [...watched].slice(0, MAX_WATCHED / 2)) release(oldest);
    } catch {
      // Not an emitter after all.
    }
  };
  subscribe(channel, onMade);
  return () => {
    unsubscribe(channel, onMade);
    for (const emitter of watched) release(emitter);
  };
}
