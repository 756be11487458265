// The two processes that the demo starts: the shop with Nodelens attached, and the nodelens command.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { InvestigationResult } from 'nodelens';

const REGISTER = import.meta.resolve('nodelens/register');
/** The command's first file stands beside the one that is preloaded, from source as built. */
const COMMAND = fileURLToPath(REGISTER.replace(/register(\.[jt]s)$/, 'main$1'));
const SHOP = fileURLToPath(new URL('./shop/server.ts', import.meta.url));

export interface Shop {
  readonly pid: number;
  readonly url: string;
  /** Asks it to end; kills it after `graceMs`. Resolves when it is gone. */
  stop(graceMs: number): Promise<void>;
}

export async function startShop(features: string): Promise<Shop> {
  const child = spawn(
    process.execPath,
    [...process.execArgv, '--import', REGISTER, SHOP, `--features=${features}`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exit = once(child, 'exit');
  const url = await Promise.race([
    listeningUrl(child),
    exit.then(() => Promise.reject(new Error('The shop ended before it listened.'))),
  ]);
  return {
    pid: child.pid as number,
    url,
    async stop(graceMs) {
      const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      child.kill('SIGTERM');
      await exit;
      clearTimeout(killer);
    },
  };
}

async function listeningUrl(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  for await (const line of lines) {
    const port = /^listening (\d+)$/.exec(line)?.[1];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
  }
  throw new Error('The shop closed its output before it listened.');
}

/** Runs `nodelens investigate`; its progress goes to stdout as it comes. */
export async function investigate(pid: number, reason: string): Promise<InvestigationResult> {
  const args = [
    'investigate',
    '--pid',
    String(pid),
    '--reason',
    reason,
    '--timeout',
    '30s',
    '--json',
    '--verbose',
  ];
  const child = spawn(process.execPath, [...process.execArgv, COMMAND, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.pipe(process.stdout, { end: false });
  const [code] = (await once(child, 'close')) as [number | null];
  if (output === '') throw new Error(`nodelens investigate gave no result (exit code ${code}).`);
  return JSON.parse(output) as InvestigationResult;
}
