// One process from its start to its end, watched from outside.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { DUE, type Life } from './ways.ts';

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** It had to be killed. */
  readonly hung: boolean;
  /** Node printed "Waiting for the debugger to disconnect...". */
  readonly waited: boolean;
  readonly stderr: string;
}

/** From the moment the end is due, in ms. */
const HANG_MS = 5_000;
/** From the start to the moment the end is due, in ms. */
const START_MS = 20_000;
export const SERVICE: string = fileURLToPath(new URL('./service.ts', import.meta.url));

/** Runs one process; resolves when it is gone. */
export function live(life: Life): Promise<Ending> {
  const args = ['--conditions=@nodelens/source', SERVICE, JSON.stringify(life)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    let hung = false;
    const kill = (): void => {
      hung = true;
      child.kill('SIGKILL');
    };
    let timer = setTimeout(kill, START_MS);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (!stdout.includes(DUE)) return;
      stdout = '';
      clearTimeout(timer);
      timer = setTimeout(kill, HANG_MS);
      if (life.way.startsWith('SIGTERM')) child.kill('SIGTERM');
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({
        code,
        signal,
        hung,
        waited: stderr.includes('Waiting for the debugger'),
        stderr: stderr.slice(-400),
      });
    });
  });
}
