// The control socket: how the command line reaches a process whose main thread may be blocked. Runs on the recorder
// thread. A client can send anything and vanish at any time; it gets an error reply or is cut off, never a crash.
// What handlers answer is redacted by them; this file only caps its size.
import { once } from 'node:events';
import { chmodSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { TreeNode } from '../../actor/supervision/tree.ts';
import type { InvestigationResult } from '../../coordinator/insight.ts';
import type { CoordinatorEvent, InvestigationRequest } from '../../coordinator/spec.ts';
import { fail, reasonOf, toWire, type WireError } from '../../errors.ts';
import { asJson, type JsonObject, type JsonValue } from '../../json.ts';
import type { UsageReport } from '../../spending/usage-report.ts';
import type { HistoryQuery, StoredHistory } from '../store/desk.ts';
import { chooseControlDirectory, controlSocketPath, ensureControlDirectory } from './path.ts';
import {
  type ControlReply,
  type ControlRequest,
  createLineDecoder,
  encodeReply,
  maxRequestBytes,
  parseRequest,
} from './protocol.ts';
import { streamEvents } from './watch.ts';

/** What the process does for its clients. Rejections become error replies. */
export interface ControlHandlers {
  status(): Promise<JsonObject>;
  snapshot(skill: string): Promise<JsonObject>;
  tree(): Promise<TreeNode>;
  history(query: HistoryQuery): Promise<StoredHistory>;
  usage(): Promise<UsageReport>;
  /** `signal` is aborted when the client cancels or disconnects; what was found until then is still returned. */
  investigate(
    request: InvestigationRequest,
    options: { readonly signal: AbortSignal; readonly onEvent: (event: CoordinatorEvent) => void },
  ): Promise<InvestigationResult>;
  /** Returns the undo. */
  watch(onEvent: (event: JsonObject) => void): () => void;
}

export interface ControlServerOptions {
  /** Folder of the socket; default: the first usable of `controlDirectories()`. */
  readonly directory?: string;
  readonly pid: number;
  readonly handlers: ControlHandlers;
}

export interface ControlServer {
  readonly path: string;
  /** Cuts off clients, cancels their investigations and removes the socket file. Idempotent. */
  close(): Promise<void>;
}

const maxConnections = 32;
const maxRequestsPerConnection = 16;
/** A client that leaves more than this unread is cut off, so that it cannot fill the host's memory. */
const maxUnreadBytes = 32 * 1024 * 1024;
/** One that only watches misses what happens while it leaves more than this unread. */
const maxBehindBytes = 4 * 1024 * 1024;

/**
 * Starts to listen; a socket file that nobody answers is replaced.
 * @throws NodelensError `option_invalid` when the folder or path cannot be used, or another process answers there.
 */
export async function startControlServer(options: ControlServerOptions): Promise<ControlServer> {
  if (options.directory !== undefined) ensureControlDirectory(options.directory);
  const path = controlSocketPath(options.directory ?? chooseControlDirectory(), options.pid);
  await removeStale(path);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    new Connection(socket, options.handlers);
  });
  server.maxConnections = maxConnections;
  await listen(server, path);
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const done = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await done;
    removeIfThere(path);
  };
  return {
    path,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

async function listen(server: Server, path: string): Promise<void> {
  // `exclusive`: in a cluster worker the primary would otherwise listen in its place.
  server.listen({ path, exclusive: true });
  try {
    await once(server, 'listening');
    // Synchronous here and below: while the app has libuv's threads full, nobody would get in.
    chmodSync(path, 0o600);
  } catch (error) {
    throw fail(
      'option_invalid',
      { option: 'NODELENS_RUNTIME_DIR', reason: `no socket at "${path}": ${reasonOf(error)}` },
      { cause: error },
    );
  }
  // Accept errors (too many open files) are the app's, not a reason to end the recorder.
  server.on('error', () => undefined);
}

/** A pid is used again sooner or later; whoever left this file is gone unless something answers. */
async function removeStale(path: string): Promise<void> {
  const probe = connect(path);
  try {
    await once(probe, 'connect');
  } catch {
    removeIfThere(path);
    return;
  } finally {
    probe.destroy();
  }
  throw fail('option_invalid', {
    option: 'NODELENS_RUNTIME_DIR',
    reason: `another process answers at "${path}"; give each container its own folder.`,
  });
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ENOENT') throw error;
  }
}

/** One client. Its requests run side by side; all of them are cancelled when it goes. */
class Connection {
  readonly #socket: Socket;
  readonly #handlers: ControlHandlers;
  readonly #running = new Map<number, AbortController>();

  constructor(socket: Socket, handlers: ControlHandlers) {
    this.#socket = socket;
    this.#handlers = handlers;
    const decode = createLineDecoder({
      maxBytes: maxRequestBytes,
      onLine: (line) => this.#accept(line),
      onOversized: () => this.#refuse(null, `a line is longer than ${maxRequestBytes} bytes.`),
    });
    socket.on('data', decode);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      for (const controller of this.#running.values())
        controller.abort(fail('run_cancelled', { detail: ': the client disconnected' }));
    });
  }

  #accept(line: string): void {
    const parsed = parseRequest(line);
    if (!parsed.ok) this.#sendError(parsed.id, parsed.error);
    else if (parsed.request.method === 'cancel')
      this.#cancel(parsed.request.id, parsed.request.params.request);
    else if (this.#running.has(parsed.request.id)) this.#refuse(parsed.request.id, '"id" is in use.');
    else if (this.#running.size >= maxRequestsPerConnection)
      this.#refuse(
        parsed.request.id,
        `${maxRequestsPerConnection} requests are under way on this connection.`,
      );
    else void this.#run(parsed.request);
  }

  #cancel(id: number, request: number): void {
    const target = this.#running.get(request);
    target?.abort(fail('run_cancelled', { detail: ' by the client' }));
    this.#send({ id, result: { cancelled: target !== undefined } });
  }

  async #run(request: Answerable): Promise<void> {
    const { id } = request;
    const controller = new AbortController();
    this.#running.set(id, controller);
    const onEvent = (event: unknown): void => this.#send({ id, event: asJson(event) });
    const isBehind = (): boolean => this.#socket.writableLength > maxBehindBytes;
    try {
      const call = { signal: controller.signal, onEvent, isBehind };
      this.#send({ id, result: await answer(request, this.#handlers, call) });
    } catch (error) {
      this.#sendError(id, error);
    } finally {
      this.#running.delete(id);
    }
  }

  #refuse(id: number | null, reason: string): void {
    this.#sendError(id, fail('control_request_invalid', { reason }));
  }

  #sendError(id: number | null, error: unknown): void {
    this.#send({ id, error: withoutStack(toWire(error)) });
  }

  #send(reply: ControlReply): void {
    if (!this.#socket.writable) return;
    this.#socket.write(encodeReply(reply));
    if (this.#socket.writableLength > maxUnreadBytes) this.#socket.destroy();
  }
}

interface Call {
  readonly signal: AbortSignal;
  readonly onEvent: (event: unknown) => void;
  readonly isBehind: () => boolean;
}

type Answerable = Exclude<ControlRequest, { method: 'cancel' }>;

async function answer(request: Answerable, handlers: ControlHandlers, call: Call): Promise<JsonValue> {
  switch (request.method) {
    case 'status':
      return handlers.status();
    case 'snapshot':
      return handlers.snapshot(request.params.skill);
    case 'tree':
      return asJson(await handlers.tree());
    case 'history':
      return asJson(await handlers.history(request.params));
    case 'usage':
      return asJson(await handlers.usage());
    case 'investigate':
      return asJson(await handlers.investigate(request.params, call));
    case 'watch':
      return streamEvents(handlers.watch, call);
    default:
      return request satisfies never;
  }
}

/** Stacks of the host's own code are of no use to a client, and their paths are nobody's business. */
function withoutStack({ stack: _, cause, ...error }: WireError): WireError {
  return { ...error, ...(cause !== undefined && { cause: withoutStack(cause) }) };
}
