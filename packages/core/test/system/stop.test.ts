// Stop really stops: nothing of Nodelens is left in the process, whenever it comes.
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { triage } from '../../src/llm/references.ts';
import { Nodelens } from '../../src/system.ts';
import { lethal, pulse, startLens } from './kit.ts';

const traces = (): object => ({
  listeners: process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
  kill: process.kill,
  reallyExit: (process as { reallyExit?: unknown }).reallyExit,
});

const childrenOf = async (pid: number): Promise<string[]> => {
  const tasks = await readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(
    tasks.map((tid) => readFile(`/proc/${pid}/task/${tid}/children`, 'utf8').catch(() => '')),
  );
  return lists.join(' ').split(/\s+/).filter(Boolean);
};

test('after stop no thread, child process, listener, wrapper or socket file is left', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'nodelens-stop-'));
  // The first system loads modules and warms Node's own threads; the second is compared with it.
  for (const round of [1, 2]) {
    const before = traces();
    const threads = (await readdir('/proc/self/task')).length;
    const lens = await Nodelens.start({
      model: triage(),
      operators: [{ skill: pulse() }],
      control: directory,
    });
    await lens.coordinator.run({ reason: 'pulse' }, { timeoutMs: 60_000 });
    // So that there is something to leave behind.
    expect(await readdir(directory)).toHaveLength(1);
    expect(await childrenOf(process.pid)).toHaveLength(1);
    await lens.stop();
    expect(traces()).toEqual(before);
    expect(await readdir(directory)).toEqual([]);
    expect(await childrenOf(process.pid)).toEqual([]);
    if (round === 2) expect((await readdir('/proc/self/task')).length).toBeLessThanOrEqual(threads);
  }
});

test('stop in the middle of an investigation cancels it, and its caller gets what was found', async () => {
  const lens = await startLens({
    operators: [{ skill: pulse() }, { name: 'stuck', skill: pulse('stuck'), model: lethal('never') }],
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  lens.on('operator.notification', () => resolve());
  const running = lens.coordinator.run({ reason: 'all' }, { timeoutMs: 60_000 });
  await promise;
  await lens.stop();
  const result = await running;
  expect(result.status).toBe('cancelled');
  expect(result.notifications).toHaveLength(1);
});

test('a stop while it starts is waited for', async () => {
  const starting = Nodelens.start({ model: triage(), operators: [{ skill: pulse() }], control: false });
  onTestFinished(async () => void (await Nodelens.current?.stop()));
  await Nodelens.current?.stop();
  await starting.catch(() => undefined);
  expect(Nodelens.current).toBeUndefined();
  const lens = await startLens({ operators: [{ skill: pulse() }] });
  expect((await lens.operator.run('pulse', { reason: 'x' }, { timeoutMs: 30_000 })).status).toBe('completed');
});
