// `nodelens run`: starts an app with Nodelens attached; to its parent this command looks like the app itself.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fail } from '@nodelens/core';
import { siblingUrl } from '../sibling-url.ts';

const forwarded = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGUSR2', 'SIGWINCH'] as const;

/**
 * Resolves with the app's exit code; when a signal ended it, this process ends by the same signal.
 * @param args options of Node, the app's file and its own arguments, as they would follow `node`.
 */
export async function run(args: readonly string[]): Promise<number> {
  if (args.length === 0) throw fail('option_invalid', { option: 'app', reason: 'name the file to run.' });
  const register = siblingUrl('./register').href;
  const child = spawn(process.execPath, ['--import', register, ...args], { stdio: 'inherit' });
  const listeners = forwarded.map((signal) => {
    // On a terminal Ctrl-C reaches the whole group: the app has it already, and a second one would kill it.
    const forward = (): void => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    process.on(signal, forward);
    return () => process.off(signal, forward);
  });
  const { promise, resolve, reject } = Promise.withResolvers<{
    code: number | null;
    signal: NodeJS.Signals | null;
  }>();
  child.once('error', reject);
  child.once('exit', (code, signal) => resolve({ code, signal }));
  const { code, signal } = await promise;
  for (const undo of listeners) undo();
  if (signal === null) return code ?? 1;
  process.kill(process.pid, signal);
  return 128 + (constants.signals[signal] ?? 0);
}
