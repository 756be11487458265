// What a case's driver works with. It runs in the driver's process.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { costInProcess } from './cost.ts';
import { hashRounds, measureSpeed } from './speed.ts';

export interface LabRequest {
  readonly method?: string;
  /** Text, or what is sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 30,000 ms. */
  readonly timeoutMs?: number;
}

export interface LabAnswer {
  /** 0 when the request failed. */
  readonly status: number;
  readonly text: string;
  readonly ms: number;
}

export interface Dependency {
  readonly url: string;
  /** `127.0.0.1:<port>` */
  readonly address: string;
  close(): Promise<void>;
}

export interface Lab {
  readonly isHealthy: boolean;
  /** The folder of the running service. */
  readonly dir: string;
  /** Of the service; known to `drive`. */
  url: string;
  port: number;
  pid: number;
  readonly signal: AbortSignal;
  /** Environment of the service; filled by `prepare`. */
  readonly env: Record<string, string>;
  /** What `{name}` stands for in case.json. */
  readonly names: Record<string, string>;
  /** How fast a core is: 1 on the machine that the cases were sized on, 2 where it does twice as much. */
  readonly speed: number;
  /** Rounds of PBKDF2 with SHA-512 that take so many ms of a core here. */
  hashRounds(ms: number): number;
  /** Ms that one call of the faulty code takes here: of what drive.mjs exports as `cost`, with the service's `env`. */
  costMs(): Promise<number>;
  /** Seeded; from 0 to below 1. */
  random(): number;
  /** Never throws. */
  request(path: string, options?: LabRequest): Promise<LabAnswer>;
  /** Calls `run` every `ms` and does not wait for it; resolves when the run ends. */
  every(ms: number, run: () => unknown): Promise<void>;
  /** An HTTP dependency on loopback, closed when the run ends. */
  serve(listener: RequestListener): Promise<Dependency>;
  /** Raises the alert now. */
  alert(): void;
  /** Ends early when the run ends. */
  wait(ms: number): Promise<void>;
  onEnd(undo: () => unknown): void;
}

export interface LabOptions {
  /** drive.mjs */
  readonly file: string;
  readonly isHealthy: boolean;
  readonly dir: string;
  readonly seed: number;
  readonly alert: () => void;
}

export interface OpenLab {
  readonly lab: Lab;
  end(): Promise<void>;
}

export function openLab({ file, isHealthy, dir, seed, alert }: LabOptions): OpenLab {
  const controller = new AbortController();
  const { signal } = controller;
  const undos: (() => unknown)[] = [];
  const random = seeded(seed);
  let speed: number | undefined;
  const lab: Lab = {
    isHealthy,
    dir,
    url: '',
    port: 0,
    pid: 0,
    signal,
    env: {},
    names: {},
    get speed() {
      speed ??= measureSpeed();
      return speed;
    },
    hashRounds,
    costMs: () => costInProcess(file, lab.env),
    random,
    alert,
    request: (path, options) => send(`${lab.url}${path}`, options, signal),
    every: (ms, run) =>
      new Promise((resolve) => {
        const timer = setInterval(() => void Promise.resolve().then(run).catch(report), ms);
        signal.addEventListener('abort', () => {
          clearInterval(timer);
          resolve();
        });
      }),
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
    async serve(listener) {
      const server = createServer(listener).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      const close = async (): Promise<void> => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      };
      undos.push(close);
      return { url: `http://${address}`, address, close };
    },
    onEnd: (undo) => undos.push(undo),
  };
  return {
    lab,
    async end() {
      controller.abort();
      for (const undo of undos.toReversed()) await Promise.resolve().then(undo).catch(report);
    },
  };
}

async function send(url: string, options: LabRequest = {}, signal: AbortSignal): Promise<LabAnswer> {
  const { method = 'GET', body, headers = {}, timeoutMs = 30_000 } = options;
  const startedMs = performance.now();
  const isJson = body !== undefined && typeof body !== 'string';
  try {
    const response = await fetch(url, {
      method,
      headers: { ...(isJson && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: isJson ? JSON.stringify(body) : String(body) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    return { status: response.status, text: await response.text(), ms: performance.now() - startedMs };
  } catch {
    return { status: 0, text: '', ms: performance.now() - startedMs };
  }
}

/** What goes wrong in a driver is told with the run's output, and does not end the run. */
function report(error: unknown): void {
  process.stderr.write(`driver: ${error instanceof Error ? error.stack : String(error)}\n`);
}

/** mulberry32: small, fast, good enough for traffic. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
