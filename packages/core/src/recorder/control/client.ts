// The client of a control socket. Every call has a deadline; what is pending when the process ends rejects at once.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { fail, fromWire, reasonOf } from '../../errors.ts';
import {
  type ControlEvents,
  type ControlMethod,
  type ControlParams,
  type ControlReply,
  type ControlResults,
  createLineDecoder,
  maxReplyBytes,
} from './protocol.ts';

export interface ControlRequestOptions<M extends ControlMethod> {
  /** Deadline in ms; Infinity for a stream. */
  readonly timeoutMs: number;
  readonly onEvent?: (event: ControlEvents[M]) => void;
  /** Cancels the request; its result is still awaited, for {@link cancelGraceMs} at most. */
  readonly signal?: AbortSignal;
}

/** How long a cancelled request may take to hand over what it found, in ms. */
const cancelGraceMs = 10_000;
const connectTimeoutMs = 3_000;

interface Pending {
  readonly method: ControlMethod;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onEvent: (event: unknown) => void;
}

/** A connection to the control socket of one process; several requests may be under way at once. */
export class ControlClient {
  readonly pid: number;
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;

  /** @throws NodelensError `process_not_reachable` when nobody answers at `path`. */
  static async connect(pid: number, path: string): Promise<ControlClient> {
    const socket = connect(path);
    try {
      await once(socket, 'connect', { signal: AbortSignal.timeout(connectTimeoutMs) });
    } catch (error) {
      socket.destroy();
      throw fail('process_not_reachable', { pid, reason: reasonOf(error) }, { cause: error });
    }
    return new ControlClient(pid, socket);
  }

  private constructor(pid: number, socket: Socket) {
    this.pid = pid;
    this.#socket = socket;
    const decode = createLineDecoder({
      maxBytes: maxReplyBytes,
      onLine: (line) => this.#receive(line),
      onOversized: () => socket.destroy(),
    });
    socket.on('data', decode);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#settleAll());
  }

  /** @throws NodelensError what the process answered, `rpc_timeout`, or `rpc_peer_gone` when it ended. */
  async request<M extends ControlMethod>(
    method: M,
    params: ControlParams[M],
    options: ControlRequestOptions<M>,
  ): Promise<ControlResults[M]> {
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    if (this.#socket.destroyed) throw fail('rpc_peer_gone', { peer: this.#peer, method });
    const onEvent = options.onEvent as ((event: unknown) => void) | undefined;
    this.#pending.set(id, { method, resolve, reject, onEvent: onEvent ?? (() => undefined) });
    const expire = (timeoutMs: number): NodeJS.Timeout | undefined =>
      timeoutMs === Number.POSITIVE_INFINITY
        ? undefined
        : setTimeout(
            () => reject(fail('rpc_timeout', { peer: this.#peer, method, timeoutMs, detail: '' })),
            timeoutMs,
          );
    let timer = expire(options.timeoutMs);
    const cancel = (): void => {
      clearTimeout(timer);
      timer = expire(cancelGraceMs);
      this.#send({ id: this.#nextId++, method: 'cancel', params: { request: id } });
    };
    this.#send({ id, method, params });
    if (options.signal?.aborted) cancel();
    else options.signal?.addEventListener('abort', cancel, { once: true });
    try {
      return (await promise) as ControlResults[M];
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', cancel);
      this.#pending.delete(id);
    }
  }

  /** Cuts the connection, which cancels what is under way there. */
  close(): void {
    this.#socket.destroy();
  }

  get #peer(): string {
    return `process ${this.pid}`;
  }

  #send(request: object): void {
    this.#socket.write(`${JSON.stringify(request)}\n`);
  }

  #receive(line: string): void {
    let reply: ControlReply;
    try {
      reply = JSON.parse(line) as ControlReply;
    } catch {
      this.#socket.destroy();
      return;
    }
    const pending = reply.id === null ? undefined : this.#pending.get(reply.id);
    if (pending === undefined) return;
    if ('event' in reply) pending.onEvent(reply.event);
    else if ('result' in reply) pending.resolve(reply.result);
    else pending.reject(fromWire(reply.error));
  }

  #settleAll(): void {
    for (const { method, reject } of [...this.#pending.values()])
      reject(fail('rpc_peer_gone', { peer: this.#peer, method }));
  }
}
