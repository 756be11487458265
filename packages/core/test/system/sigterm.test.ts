// An orchestrator's end of a service: SIGTERM, and SIGKILL when it takes too long. With Nodelens, whatever goes on in
// it, the process ends by itself once `lens.stop()` has come back, and that is within its deadline.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

/** As documented at `Nodelens.stop`, with the end of the process. */
const DEADLINE_MS = 10_000;

interface Scene {
  readonly handler: 'handles' | 'leaves';
  /** Continuous operators. */
  readonly continuous?: readonly string[];
  /** What is begun, one after the other, before SIGTERM comes; each confirmed by that many lines of its name. */
  readonly goingOn?: Readonly<Record<string, number>>;
}

async function endService({ handler, continuous = [], goingOn = {} }: Scene): Promise<object> {
  const service = fileURLToPath(new URL('./fixtures/service.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@nodelens/source', service, handler, ...continuous]);
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const said: string[] = [];
  const seen = async (line: string, times: number): Promise<void> => {
    while (said.filter((one) => one === line).length < times) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`it ended before "${line}": ${stderr}`);
      said.push(value);
    }
  };
  await seen('ready', 1);
  await seen('listens', continuous.length);
  for (const [what, times] of Object.entries(goingOn)) {
    child.stdin.write(`${what}\n`);
    await seen(what, times);
  }
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  // The orchestrator's patience.
  const patience = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
  const [code, signal] = await closed;
  clearTimeout(patience);
  return { code, signal, stderr };
}

test('a service that stops Nodelens at SIGTERM ends by itself', { timeout: 40_000 }, async () => {
  expect(await endService({ handler: 'handles' })).toEqual({ code: 0, signal: null, stderr: '' });
});

test('so it does with operators in loops, a model that does not answer and a stuck recorder', {
  timeout: 60_000,
}, async () => {
  const continuous = ['first', 'second'];
  const goingOn = { waits: 1, hogs: 1, loops: continuous.length };
  expect(await endService({ handler: 'handles', continuous, goingOn })).toEqual({
    code: 0,
    signal: null,
    stderr: '',
  });
});

test('a service without a handler dies of it at once, as without Nodelens', { timeout: 40_000 }, async () => {
  const scene: Scene = { handler: 'leaves', continuous: ['first'], goingOn: { loops: 1 } };
  expect(await endService(scene)).toEqual({ code: null, signal: 'SIGTERM', stderr: '' });
});
