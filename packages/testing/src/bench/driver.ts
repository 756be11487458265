// The process that drives a case, as the runner sees it. A process of its own: its traffic must not wait for the
// runner, nor the service's threads for the traffic.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail } from '@nodelens/core';
import type { Case } from './case.ts';
import type { DriverCommand, DriverEvent } from './driver-protocol.ts';

const ENTRY = fileURLToPath(
  new URL(`./entry/driver-process${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);
const CONDITIONS = import.meta.url.endsWith('.ts') ? ['--conditions=@nodelens/source'] : [];
const PREPARE_MS = 30_000;
const END_MS = 5_000;

export interface Driver {
  readonly env: Readonly<Record<string, string>>;
  readonly names: Readonly<Record<string, string>>;
  /** Starts the traffic; `alert` resolves when the driver raises it. */
  drive(target: { readonly url: string; readonly port: number; readonly pid: number }): void;
  readonly alert: Promise<void>;
  /** Rejects when the driver fails while it drives. */
  readonly failed: Promise<never>;
  /** What it wrote to stderr. */
  stderr(): string;
  end(): Promise<void>;
}

/** @throws NodelensError `incident_driver_failed` */
export async function startDriver(
  one: Case,
  options: { readonly isHealthy: boolean; readonly dir: string; readonly seed: number },
): Promise<Driver> {
  const child = fork(ENTRY, [], { execArgv: CONDITIONS, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-20_000);
  });
  const waiting = new Map<DriverEvent['type'], (event: DriverEvent) => void>();
  const next = <T extends DriverEvent['type']>(type: T): Promise<Extract<DriverEvent, { type: T }>> =>
    new Promise((resolve) => waiting.set(type, resolve as (event: DriverEvent) => void));
  const failed = new Promise<never>((_, reject) => {
    const wrong = (reason: string): void => reject(fail('incident_driver_failed', { case: one.id, reason }));
    waiting.set('failed', (event) => wrong(event.type === 'failed' ? event.reason : ''));
    child.once('error', (error) => wrong(error.message));
    child.once('exit', (code, signal) => wrong(`it ended with ${signal ?? `code ${code}`}. ${stderr}`));
  });
  // Whoever races it hears of it; nobody does after the run.
  failed.catch(() => undefined);
  child.on('message', (event: DriverEvent) => waiting.get(event.type)?.(event));
  const send = (command: DriverCommand): void => {
    if (child.connected) child.send(command);
  };
  const alert = next('alert').then(() => undefined);
  const prepared = next('prepared');
  send({ type: 'prepare', start: { file: join(one.folder, 'drive.mjs'), ...options } });
  const late = AbortSignal.timeout(PREPARE_MS);
  const tooLate = once(late, 'abort').then(() => {
    throw fail('incident_driver_failed', { case: one.id, reason: `prepare() took over ${PREPARE_MS} ms` });
  });
  tooLate.catch(() => undefined);
  const end = () => endOf(child, next('ended'), () => send({ type: 'end' }));
  try {
    const { env, names } = await Promise.race([prepared, failed, tooLate]);
    return {
      env,
      names,
      drive: (target) => send({ type: 'drive', ...target }),
      alert,
      failed,
      stderr: () => stderr,
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Its clean-up may hang as everything else may. */
async function endOf(child: ChildProcess, ended: Promise<unknown>, ask: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  ask();
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await Promise.race([ended, gone]);
  child.kill();
  await gone;
  clearTimeout(timer);
}
