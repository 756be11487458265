/// <reference path="./comlink-node-adapter.d.ts" />
// Typed request and reply between threads: comlink, with what it lacks added in one place: a deadline for every
// call, rejection when the peer is gone, and errors that keep their code, data and cause.
import type { MessagePort } from 'node:worker_threads';
import * as Comlink from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import type { PortSource, ServicePort } from './actor/hosts/services.ts';
import { fail, fromWire, reasonOf, toWire, type WireError } from './errors.ts';
import type { JsonValue } from './json.ts';

type Method = (...args: never[]) => Promise<unknown>;

/** Only asynchronous methods cross; what they take and give is JSON. */
export type RpcSurface<S> = { [K in keyof S]: S[K] extends Method ? S[K] : never };

type Outcome = { ok: true; value: unknown } | { ok: false; error: WireError };

interface Wire {
  invoke(method: string, args: readonly unknown[]): Promise<Outcome>;
}

interface Link {
  readonly port: ServicePort;
  readonly wire: Comlink.Remote<Wire>;
}

export interface RpcClientOptions {
  /** Who is called, for error messages. */
  readonly peer: string;
  /** Deadline of a call in ms. */
  readonly timeoutMs: number;
  /** Deadlines of single methods in ms, from their arguments. */
  readonly timeoutOf?: (method: string, args: readonly unknown[]) => number | undefined;
  /** Said at the end of a timeout's message, e.g. how long main has been blocked. */
  readonly detail?: () => string;
}

export interface RpcClient<S> {
  readonly remote: S;
  /** Rejects what is pending with `rpc_peer_gone` and closes the port. Idempotent. */
  close(): void;
}

/** Serves `surface` on `port`; returns its undo, which closes the port. */
export function serveRpc<S extends object>(port: MessagePort, surface: S): () => void {
  const wire: Wire = {
    async invoke(method, args) {
      try {
        const target = (surface as Record<string, unknown>)[method];
        if (typeof target !== 'function')
          throw fail('rpc_failed', { method, peer: 'the peer', reason: 'no such method' });
        return { ok: true, value: await target.apply(surface, args) };
      } catch (error) {
        return { ok: false, error: toWire(error) };
      }
    },
  };
  Comlink.expose(wire, nodeEndpoint(port));
  return () => port.close();
}

/** A client of the surface served at the other end of a port. Never settles late: see {@link RpcClientOptions}. */
export function connectRpc<S extends object>(source: PortSource, options: RpcClientOptions): RpcClient<S> {
  let link: Link | undefined;
  const pending = new Set<(error: Error) => void>();
  let gone = false;
  const close = (): void => {
    if (gone) return;
    gone = true;
    link?.port.close();
    for (const reject of [...pending])
      reject(fail('rpc_peer_gone', { peer: options.peer, method: 'the call' }));
  };
  const open = (): Link => {
    const port = typeof source === 'function' ? source() : source;
    const wire = Comlink.wrap<Wire>(nodeEndpoint(port));
    port.once('close', close);
    if (typeof source === 'function') port.unref();
    return { port, wire };
  };
  if (typeof source !== 'function') link = open();

  const call = (method: string, args: readonly unknown[]): Promise<unknown> => {
    if (gone) return Promise.reject(fail('rpc_peer_gone', { peer: options.peer, method }));
    link ??= open();
    const timeoutMs = options.timeoutOf?.(method, args) ?? options.timeoutMs;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => {
      reject(
        fail('rpc_timeout', { peer: options.peer, method, timeoutMs, detail: options.detail?.() ?? '' }),
      );
    }, timeoutMs).unref();
    pending.add(reject);
    link.wire.invoke(method, args).then(
      (outcome: Outcome) => (outcome.ok ? resolve(outcome.value) : reject(fromWire(outcome.error))),
      (error: unknown) =>
        reject(fail('rpc_failed', { method, peer: options.peer, reason: reasonOf(error) }, { cause: error })),
    );
    return promise.finally(() => {
      clearTimeout(timer);
      pending.delete(reject);
    });
  };

  const remote = new Proxy({} as S, {
    // A promise-like proxy would be awaited by mistake; `then` is never a remote method.
    get: (_, method) =>
      typeof method === 'string' && method !== 'then'
        ? (...args: JsonValue[]) => call(method, args)
        : undefined,
  });
  return { remote, close };
}
