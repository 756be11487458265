// An orchestrator's end of a service: SIGTERM, and SIGKILL when it takes too long. With Nodelens, whatever goes on in
// it, the process ends by itself once `lens.stop()` has come back, and that is within its deadline.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

/** As documented at `Nodelens.stop`, with the end of the process. */
const DEADLINE_MS = 10_000;

async function endService(handles: 'handles' | 'leaves', goingOn: readonly string[]) {
  const service = fileURLToPath(new URL('./fixtures/service.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@nodelens/source', service, handles, ...goingOn], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const awaited = ['ready', ...goingOn];
  for await (const line of createInterface(child.stdout)) {
    const index = awaited.indexOf(line);
    if (index >= 0) awaited.splice(index, 1);
    if (awaited.length === 0) break;
  }
  child.stdout.resume();
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  // The orchestrator's patience.
  const patience = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
  const [code, signal] = await closed;
  clearTimeout(patience);
  return { code, signal, stderr };
}

test.each([
  [[]],
  // Two continuous operators in loops of their own, a run whose model does not answer, a recorder that does not either.
  [['loops', 'loops', 'waits', 'hogs']],
])('a service that stops Nodelens at SIGTERM ends by itself: %j', { timeout: 60_000 }, async (goingOn) => {
  expect(await endService('handles', goingOn)).toEqual({ code: 0, signal: null, stderr: '' });
});

test('a service without a handler dies of it at once, as without Nodelens', { timeout: 60_000 }, async () => {
  expect(await endService('leaves', ['loops'])).toEqual({
    code: null,
    signal: 'SIGTERM',
    stderr: '',
  });
});
