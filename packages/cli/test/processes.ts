// Starts the command and services as real processes and ends them with the test.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly outcome: Promise<Outcome>;
  /** What it has written so far. */
  output(): Pick<Outcome, 'stdout' | 'stderr'>;
  /** Resolves when the text has appeared on stdout or stderr; rejects when the process ends before. */
  seen(text: string | RegExp): Promise<RegExpExecArray>;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly env?: { readonly [name: string]: string | undefined };
}

export const packageFile = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** A runtime folder of the test's own, short enough for a socket path. */
export async function runtimeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nl-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts `node` with these arguments; killed at the end of the test if it still runs. */
export function startNode(args: readonly string[], { cwd, env }: StartOptions = {}): Started {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let ended = false;
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
    child.emit('output');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
    child.emit('output');
  });
  const outcome = once(child, 'close').then(([code, signal]): Outcome => {
    ended = true;
    child.emit('output');
    return { code, signal, stdout, stderr };
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await outcome;
  });
  return {
    child,
    pid: child.pid ?? -1,
    outcome,
    async seen(text) {
      const pattern = typeof text === 'string' ? new RegExp(text.replace(/[^\w ]/g, '\\$&')) : text;
      for (;;) {
        const match = pattern.exec(stdout) ?? pattern.exec(stderr);
        if (match !== null) return match;
        if (ended) throw new Error(`ended without ${pattern}:\n${stdout}\n${stderr}`);
        await once(child, 'output');
      }
    },
    output: () => ({ stdout, stderr }),
  };
}

/** Runs the command from source to its end. */
export const nodelens = (args: readonly string[], options?: StartOptions): Promise<Outcome> =>
  startNodelens(args, options).outcome;

export const startNodelens = (args: readonly string[], options?: StartOptions): Started =>
  startNode(['--conditions=@nodelens/source', packageFile('src/main.ts'), ...args], options);
