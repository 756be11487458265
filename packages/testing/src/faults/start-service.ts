// Starts a service as a process of its own and waits until it listens; the caller stops it. Any file will do that
// prints `listening <port>` on a line of its stdout.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { fail } from '@nodelens/core';

export interface StartServiceOptions {
  readonly args?: readonly string[];
  /** Modules given to node as `--import`, e.g. the URL of nodelens/register. */
  readonly import?: readonly string[];
  /** More options of node itself. */
  readonly execArgv?: readonly string[];
  /** Its working folder; default the caller's. */
  readonly cwd?: string;
  /** On top of the caller's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ServiceExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Service {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  /** Resolves when the process is gone. */
  readonly exited: Promise<ServiceExit>;
  /** What it wrote to stderr so far. */
  stderr(): string;
  /** Kills it; resolves when it is gone. Idempotent. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const CONDITIONS = import.meta.url.endsWith('.ts') ? ['--conditions=@nodelens/source'] : [];

/** @throws NodelensError `service_start_failed` when the process ends before it listens. */
export async function startService(file: URL | string, options: StartServiceOptions = {}): Promise<Service> {
  const path = file instanceof URL || file.startsWith('file:') ? fileURLToPath(file) : file;
  const imports = (options.import ?? []).flatMap((module) => ['--import', module]);
  const argv = [...CONDITIONS, ...(options.execArgv ?? []), ...imports, path, ...(options.args ?? [])];
  const child = spawn(process.execPath, argv, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const exited = once(child, 'close').then(([code, signal]): ServiceExit => ({ code, signal }));
  const port = await Promise.race([portOf(child.stdout), exited]);
  if (typeof port !== 'number') throw fail('service_start_failed', { file: path, code: port.code, stderr });
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return {
    pid: child.pid as number,
    port,
    url: `http://127.0.0.1:${port}`,
    exited,
    stderr: () => stderr,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Reads on afterwards, so that a service that prints much is never held up. Never settles if it does not listen. */
function portOf(stdout: NodeJS.ReadableStream): Promise<number> {
  return new Promise((resolve) => {
    createInterface({ input: stdout }).on('line', (line) => {
      const port = /^listening (\d+)$/.exec(line)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
}
