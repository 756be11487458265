// Runs the fixture process that has itself traced, to its end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

const FIXTURE = fileURLToPath(new URL('../fixtures/tracer-process.ts', import.meta.url));
/** Long enough for a busy machine; who needs longer hangs. */
const HANGS_MS = 15_000;

export async function runProcess(what: string, afterMs = 0): Promise<Ended> {
  const { NODE_V8_COVERAGE: _, ...env } = process.env;
  const argv = ['--conditions=@nodelens/source', FIXTURE, what, String(afterMs)];
  const child = spawn(process.execPath, argv, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const hangs = setTimeout(() => child.kill('SIGKILL'), HANGS_MS);
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null, string | null]>,
  ]);
  clearTimeout(hangs);
  return { code, signal, stdout, stderr };
}
