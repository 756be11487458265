// The inspector of another process over its WebSocket: opened by SIGUSR1 when it is not open yet. Knows only how to
// evaluate one expression; leaves the process as it found it, except for the port, which its caller closes.
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fail, reasonOf } from '@nodelens/core';
import { hasInspectOption, listeningPorts } from './process-info.ts';

export interface InspectorClient {
  /** The value of an expression that yields a text. @throws NodelensError `attach_failed`. */
  evaluate(expression: string, timeoutMs: number): Promise<string>;
  close(): Promise<void>;
}

const defaultPort = 9229;
const probeMs = 1_000;
const connectMs = 5_000;

/** @throws NodelensError `attach_failed` when no inspector opens within `timeoutMs`. */
export async function openInspector(
  pid: number,
  timeoutMs: number,
): Promise<{ readonly inspector: InspectorClient; readonly openedByUs: boolean }> {
  const before = listeningPorts(pid);
  const open = await findTarget(
    hasInspectOption(pid) ? before : before.filter((port) => port === defaultPort),
  );
  if (open !== undefined) return { inspector: await connectInspector(pid, open), openedByUs: false };
  process.kill(pid, 'SIGUSR1');
  // In a JavaScript loop the port is there in 50 ms; in a native call only when that call has returned.
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    await delay(10);
    const target = await findTarget(listeningPorts(pid).filter((port) => !before.includes(port)));
    if (target !== undefined) return { inspector: await connectInspector(pid, target), openedByUs: true };
  }
  throw fail('attach_failed', {
    pid,
    reason: `its inspector did not open within ${timeoutMs} ms: its main thread is inside a native call, or port ${defaultPort} is taken by another process (its stderr says so).`,
  });
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

async function connectInspector(pid: number, url: string): Promise<InspectorClient> {
  const socket = new WebSocket(url);
  const failed = (reason: string, cause?: unknown): Error =>
    fail('attach_failed', { pid, reason }, { cause });
  try {
    const refused = once(socket, 'error').then(() => {
      throw new Error('it was refused');
    });
    await Promise.race([once(socket, 'open', { signal: AbortSignal.timeout(connectMs) }), refused]);
  } catch (error) {
    throw failed(`its inspector refused the connection (${reasonOf(error)}).`, error);
  }
  const waiting = new Map<number, (reply: EvaluateReply) => void>();
  let nextId = 1;
  let closed = false;
  socket.addEventListener('message', ({ data }) => {
    const reply = JSON.parse(String(data)) as EvaluateReply;
    if (reply.id !== undefined) waiting.get(reply.id)?.(reply);
  });
  const gone = once(socket, 'close').then(() => {
    closed = true;
    for (const settle of waiting.values()) settle({ error: { message: 'the connection was closed' } });
  });

  return {
    async evaluate(expression, timeoutMs) {
      if (closed) throw failed('the connection was closed.');
      const id = nextId++;
      const { promise, resolve } = Promise.withResolvers<EvaluateReply>();
      waiting.set(id, resolve);
      const timer = setTimeout(
        () => resolve({ error: { message: `no answer within ${timeoutMs} ms` } }),
        timeoutMs,
      );
      socket.send(
        JSON.stringify({ id, method: 'Runtime.evaluate', params: { expression, returnByValue: true } }),
      );
      const { error, result } = await promise;
      clearTimeout(timer);
      waiting.delete(id);
      if (error !== undefined) throw failed(`${error.message}.`);
      const { exceptionDetails } = result ?? {};
      if (exceptionDetails !== undefined)
        throw failed(exceptionDetails.exception?.description?.split('\n')[0] ?? exceptionDetails.text);
      return String(result?.result.value);
    },
    async close() {
      if (closed) return;
      socket.close();
      // The process may close the port before it answers the goodbye.
      await Promise.race([gone, delay(500, undefined, { ref: false })]);
    },
  };
}
