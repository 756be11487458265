// A process under test: main by IPC, the recorder thread by a socket of its own, both typed by the caller.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { fromWire } from '../../src/errors.ts';
import type { Stall } from '../../src/recorder/context.ts';

export interface Lab {
  readonly child: ChildProcess;
  readonly port: number;
  /** Asks main to do something; resolves with what it returns. */
  main<T = unknown>(action: string, ...args: unknown[]): Promise<T>;
  /** Asks the recorder thread. */
  ask<T>(method: string, ...args: unknown[]): Promise<T>;
  /** Asks the recorder thread until the answer satisfies `is`; fails by the test's own timeout. */
  until<T>(method: string, is: (answer: T) => boolean, ...args: unknown[]): Promise<T>;
  /**
   * The current stall that satisfies `is` while main does that. Main does it again as often as it was over before: on a
   * busy machine a look may come too late.
   */
  seen(is: (stall: Stall) => boolean, action: string, ...args: unknown[]): Promise<Stall>;
  /** How it ended, and all it wrote to stderr. */
  readonly ended: Promise<{ code: number | null; signal: string | null; stderr: string }>;
}

export interface LabOptions {
  readonly execArgv?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Further settings of fixtures/main.ts. */
  readonly settings?: object;
  /** Whether to wait for the recorder. Default true. */
  readonly isReady?: boolean;
}

const MAIN = fileURLToPath(new URL('./fixtures/main.ts', import.meta.url));

export async function startLab(options: LabOptions = {}): Promise<Lab> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connected = Promise.withResolvers<Socket>();
  server.once('connection', (socket) => connected.resolve(socket));
  const { NODE_V8_COVERAGE: _, ...env } = process.env;
  const child = fork(MAIN, [JSON.stringify({ port, ...options.settings })], {
    execArgv: ['--conditions=@nodelens/source', ...(options.execArgv ?? [])],
    env: { ...env, ...options.env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  onTestFinished(() => {
    // Its socket ends with it.
    child.kill('SIGKILL');
    server.close();
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stderr }));
  const main = pair(
    (message) => child.send(message),
    (listener) => child.on('message', listener),
  );
  const asked = connected.promise.then((socket) => {
    socket.on('error', () => {});
    return pair(
      (message) => socket.write(`${JSON.stringify(message)}\n`),
      (listener) =>
        createInterface({ input: socket })
          // It passes on what the socket says when the process is killed at the end of a failed test.
          .on('error', () => {})
          .on('line', (line) => listener(JSON.parse(line))),
    );
  });
  const ask = async <T>(method: string, ...args: unknown[]): Promise<T> =>
    (await (
      await asked
    )({ method, args })) as T;
  const lab: Lab = {
    child,
    port,
    ended,
    ask,
    main: async <T>(action: string, ...args: unknown[]) => (await main({ action, args })) as T,
    async until<T>(method: string, is: (answer: T) => boolean, ...args: unknown[]) {
      for (;;) {
        const answer = await ask<T>(method, ...args);
        if (is(answer)) return answer;
        await between();
      }
    },
    async seen(is, action, ...args) {
      for (;;) {
        let isOver = false;
        const over = lab.main(action, ...args).finally(() => {
          isOver = true;
        });
        const look = (stall: Stall | null): boolean => isOver || (stall !== null && is(stall));
        const stall = await lab.until<Stall | null>('current', look);
        await over;
        if (stall !== null && is(stall)) return stall;
      }
    },
  };
  if (options.isReady !== false) await lab.main('ready');
  return lab;
}

/** The 1-based line of fixtures/blocks.ts that contains `text`. */
export function lineOf(text: string): number {
  const lines = readFileSync(new URL('./fixtures/blocks.ts', import.meta.url), 'utf8').split('\n');
  return lines.findIndex((line) => line.includes(text)) + 1;
}

/** Asking without a break would take the CPU from the process. */
const between = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { name: string; message: string };
}

/** Requests with ids over any two-way channel. */
function pair(
  send: (message: object) => void,
  listen: (listener: (reply: Reply) => void) => void,
): (request: object) => Promise<unknown> {
  const pending = new Map<number, PromiseWithResolvers<unknown>>();
  let last = 0;
  listen(({ id, value, error }) => {
    if (error === undefined) pending.get(id)?.resolve(value);
    else pending.get(id)?.reject(fromWire(error));
  });
  return (request) => {
    const id = ++last;
    const reply = Promise.withResolvers<unknown>();
    pending.set(id, reply);
    send({ id, ...request });
    return reply.promise;
  };
}
