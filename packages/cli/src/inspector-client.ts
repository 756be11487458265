// The inspector of another process over its WebSocket: opened by SIGUSR1 when it is not open yet. Knows only how to
// evaluate one expression and to close the port again.
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fail } from '@nodelens/core';
import { hasInspectOption, isTakenByOther, listeningPorts } from './process-info.ts';

export interface InspectorClient {
  /** The value of an expression that yields a text. @throws NodelensError `attach_failed`. */
  evaluate(expression: string, timeoutMs: number): Promise<string>;
  /**
   * Closes the port at the other end, also while main is stuck in a loop; sessions of other threads live on. Cuts
   * this connection. Never rejects.
   */
  closePort(): Promise<void>;
  /** Whether the other end has closed the connection. */
  isCutOff(): boolean;
  /** Says goodbye; the port stays open. */
  close(): Promise<void>;
}

const defaultPort = 9229;
const openMs = 2_000;
const portMs = 5_000;
const probeMs = 1_000;
const connectMs = 5_000;
const goodbyeMs = 1_000;

/**
 * `inspector` is undefined when none opened for {@link openMs}, or the port was closed before the connection stood.
 * @throws NodelensError `attach_failed` when another process holds the port.
 */
export async function openInspector(
  pid: number,
): Promise<{ readonly inspector: InspectorClient | undefined; readonly openedByUs: boolean }> {
  const before = listeningPorts(pid);
  const open = await findTarget(
    hasInspectOption(pid) ? before : before.filter((port) => port === defaultPort),
  );
  if (open !== undefined) return { inspector: await connectInspector(pid, open), openedByUs: false };
  if (!hasInspectOption(pid)) await waitForPort(pid);
  process.kill(pid, 'SIGUSR1');
  // In a JavaScript loop the port is there in 50 ms; in a native call only when that call has returned.
  const deadline = performance.now() + openMs;
  for (let pauseMs = 10; performance.now() < deadline; pauseMs = Math.min(pauseMs * 1.3, 100)) {
    await delay(pauseMs);
    const target = await findTarget(listeningPorts(pid).filter((port) => !before.includes(port)));
    if (target !== undefined) return { inspector: await connectInspector(pid, target), openedByUs: true };
  }
  return { inspector: undefined, openedByUs: true };
}

/** Another attach holds the port for a moment; a debugger holds it for good. */
async function waitForPort(pid: number): Promise<void> {
  const deadline = performance.now() + portMs;
  while (isTakenByOther(pid, defaultPort)) {
    if (performance.now() > deadline)
      throw fail('attach_failed', {
        pid,
        reason: `another process listens on port ${defaultPort}, which its inspector needs; try again when that is free.`,
      });
    await delay(25);
  }
}

/** The WebSocket address of the first port that speaks the inspector's protocol. */
async function findTarget(ports: readonly number[]): Promise<string | undefined> {
  const found = await Promise.all(ports.map(webSocketUrl));
  return found.find((url) => url !== undefined);
}

async function webSocketUrl(port: number): Promise<string | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/json/list`, {
      signal: AbortSignal.timeout(probeMs),
    });
    const [target] = (await response.json()) as readonly { webSocketDebuggerUrl?: unknown }[];
    return typeof target?.webSocketDebuggerUrl === 'string' ? target.webSocketDebuggerUrl : undefined;
  } catch {
    // The app's own port, or one that closed meanwhile.
    return undefined;
  }
}

/**
 * Closes at once, and again in the first turns of main's loop: SIGUSR1 also left a wake-up there, which opens the
 * port a second time when a blocked main gets to it.
 */
const closePortExpression = `{
  const inspector = process.getBuiltinModule('node:inspector');
  let turns = 3;
  const close = () => {
    if (inspector.url() !== undefined) inspector.close();
    if (turns-- > 0) setImmediate(close);
  };
  close();
}`;

interface EvaluateReply {
  readonly id?: number;
  readonly error?: { readonly message: string };
  readonly result?: {
    readonly result: { readonly value?: unknown };
    readonly exceptionDetails?: {
      readonly text: string;
      readonly exception?: { readonly description?: string };
    };
  };
}

async function connectInspector(pid: number, url: string): Promise<InspectorClient | undefined> {
  const socket = new WebSocket(url);
  const isOpen = await Promise.race([
    once(socket, 'open').then(() => true),
    once(socket, 'close').then(() => false),
    delay(connectMs, false, { ref: false }),
  ]);
  if (!isOpen) socket.close();
  return isOpen ? new OpenInspector(pid, socket) : undefined;
}

class OpenInspector implements InspectorClient {
  readonly #pid: number;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (reply: EvaluateReply) => void>();
  readonly #gone: Promise<void>;
  #nextId = 1;
  #closed = false;

  constructor(pid: number, socket: WebSocket) {
    this.#pid = pid;
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const reply = JSON.parse(String(data)) as EvaluateReply;
      if (reply.id !== undefined) this.#waiting.get(reply.id)?.(reply);
    });
    this.#gone = once(socket, 'close').then(() => {
      this.#closed = true;
      for (const settle of this.#waiting.values())
        settle({ error: { message: 'the connection was closed' } });
    });
  }

  async evaluate(expression: string, timeoutMs: number): Promise<string> {
    const { error, result } = await this.#request({ expression, returnByValue: true }, timeoutMs);
    const thrown = result?.exceptionDetails;
    const reason =
      error === undefined
        ? thrown && (thrown.exception?.description?.split('\n')[0] ?? thrown.text)
        : `${error.message}.`;
    if (reason !== undefined) throw fail('attach_failed', { pid: this.#pid, reason });
    return String(result?.result.value);
  }

  isCutOff(): boolean {
    return this.#closed;
  }

  async closePort(): Promise<void> {
    await this.#request({ expression: closePortExpression }, goodbyeMs);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#socket.close();
    // A port that was just closed does not answer the goodbye.
    await Promise.race([this.#gone, delay(goodbyeMs, undefined, { ref: false })]);
  }

  async #request(params: object, timeoutMs: number): Promise<EvaluateReply> {
    if (this.#closed) return { error: { message: 'the connection was closed' } };
    const id = this.#nextId++;
    const { promise, resolve } = Promise.withResolvers<EvaluateReply>();
    this.#waiting.set(id, resolve);
    const expire = (): void => resolve({ error: { message: `main did not answer within ${timeoutMs} ms` } });
    const timer = setTimeout(expire, timeoutMs);
    this.#socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }));
    const reply = await promise;
    clearTimeout(timer);
    this.#waiting.delete(id);
    return reply;
  }
}
