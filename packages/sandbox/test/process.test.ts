// The life of the sandbox process: started late, shared by runs, replaced when lost, never left behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { createSandbox, type Sandbox, type SandboxOptions } from '../src/index.ts';
import { expectGone, isAlive } from './processes.ts';

function sandboxOf(options: SandboxOptions = {}): Sandbox {
  const sandbox = createSandbox(options);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

const pidOf = (sandbox: Sandbox): number => {
  if (sandbox.pid === undefined) throw new Error('no sandbox process');
  return sandbox.pid;
};

/** A host function that tells when it is called, and answers when told to. */
function gate() {
  const called = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<number>();
  const state = { calls: 0 };
  const wait = (): Promise<number> => {
    state.calls++;
    called.resolve();
    return answer.promise;
  };
  return { called: called.promise, answer: answer.resolve, state, functions: { wait } };
}

const fixture = (name: string): string => fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));

test('starts at first use, serves many runs, and is released when idle', async () => {
  const sandbox = sandboxOf({ idleMs: 50 });
  expect(sandbox.pid).toBeUndefined();
  await sandbox.run({ code: '' });
  const pid = pidOf(sandbox);
  await sandbox.run({ code: '' });
  expect(sandbox.pid).toBe(pid);
  await expectGone(pid);
  expect(sandbox.pid).toBeUndefined();
  expect(await sandbox.run({ code: 'return 1' })).toMatchObject({ value: 1 });
  expect(sandbox.pid).not.toBe(pid);
});

test('a refusal is asked for before a process is started, and answers the run', async () => {
  let reason: string | undefined = 'memory is short';
  const sandbox = sandboxOf({ refusal: () => reason });
  expect(await sandbox.run({ code: 'return 1' })).toMatchObject({
    ok: false,
    error: { code: 'sandbox_refused', message: 'memory is short' },
  });
  expect(sandbox.pid).toBeUndefined();
  reason = undefined;
  expect(await sandbox.run({ code: 'return 1' })).toMatchObject({ value: 1 });
  reason = 'no second one';
  expect(await sandbox.run({ code: 'return 2' })).toMatchObject({ value: 2 });
});

test('is not released while a run waits for its host call', async () => {
  const sandbox = sandboxOf({ idleMs: 1 });
  const { called, answer, functions, state } = gate();
  const run = sandbox.run({ code: 'return await wait()', functions });
  await called;
  await sandbox.run({ code: '' });
  const pid = pidOf(sandbox);
  answer(4);
  expect(await run).toMatchObject({ value: 4 });
  expect(state.calls).toBe(1);
  await expectGone(pid);
});

test.each([
  ['waits for a host call', 'await wait()'],
  ['computes', 'await ready(); for (;;);'],
  ['cannot be stopped', 'await ready(); let x = 3n; for (;;) x *= x;'],
])('a run that %s is cancelled promptly, and the next one works', async (_, code) => {
  const sandbox = sandboxOf({ limits: { cpuMs: 60_000, memoryMb: 256 } });
  const { called, functions } = gate();
  const abort = new AbortController();
  const ready = (): null => {
    queueMicrotask(() => abort.abort());
    return null;
  };
  const run = sandbox.run({ code, functions: { ...functions, ready }, signal: abort.signal });
  called.then(() => abort.abort());
  const outcome = await run;
  expect(outcome).toMatchObject({ ok: false, error: { code: 'cancelled' } });
  expect(outcome.durationMs).toBeLessThan(2_000);
  expect(await sandbox.run({ code: 'return 1' })).toMatchObject({ value: 1 });
});

test('a run that is aborted before it starts needs no process', async () => {
  const sandbox = sandboxOf();
  const outcome = await sandbox.run({ code: '', signal: AbortSignal.abort() });
  expect(outcome).toMatchObject({ error: { code: 'cancelled' } });
  expect(sandbox.pid).toBeUndefined();
});

test('close answers what is pending, ends the process, and refuses later runs', async () => {
  const sandbox = sandboxOf();
  const { called, functions } = gate();
  const run = sandbox.run({ code: 'await wait()', functions });
  await called;
  const pid = pidOf(sandbox);
  await sandbox.close();
  expect(isAlive(pid)).toBe(false);
  expect(await run).toMatchObject({ error: { code: 'sandbox_closed' } });
  expect(await sandbox.run({ code: '' })).toMatchObject({ error: { code: 'sandbox_closed' } });
  await sandbox.close();
});

test('a run that cannot be stopped costs the others only a second start', async () => {
  const sandbox = sandboxOf();
  const { called, answer, functions, state } = gate();
  const innocent = sandbox.run({ code: 'return await wait()', functions });
  await called;
  const pid = pidOf(sandbox);
  const code = 'let x = 3n; for (;;) x *= x;';
  const guilty = await sandbox.run({ code, limits: { cpuMs: 200, memoryMb: 256 } });
  expect(guilty).toMatchObject({ error: { code: 'cpu_limit' } });
  await expectGone(pid);
  answer(5);
  expect(await innocent).toMatchObject({ ok: true, value: 5, hostCalls: 1 });
  expect(state.calls).toBe(2);
});

test('a process that is lost once is replaced, twice is an error', async () => {
  const sandbox = sandboxOf();
  const code = 'await kill(); return 1';
  let left = 1;
  const kill = (): Promise<null> | null => {
    if (left-- <= 0) return null;
    process.kill(pidOf(sandbox), 'SIGKILL');
    return new Promise(() => undefined);
  };
  expect(await sandbox.run({ code, functions: { kill } })).toMatchObject({ value: 1 });
  left = 2;
  const outcome = await sandbox.run({ code, functions: { kill } });
  expect(outcome).toMatchObject({
    error: { code: 'sandbox_crashed', message: expect.stringContaining('SIGKILL') },
  });
  expect(await sandbox.run({ code: 'return 2' })).toMatchObject({ value: 2 });
});

test('an interrupt from the terminal is left to the host', async () => {
  const sandbox = sandboxOf();
  const { called, answer, functions, state } = gate();
  const run = sandbox.run({ code: 'return await wait()', functions });
  await called;
  process.kill(pidOf(sandbox), 'SIGINT');
  // A later run shows that the process has lived on.
  expect(await sandbox.run({ code: 'return 1' })).toMatchObject({ value: 1 });
  answer(2);
  expect(await run).toMatchObject({ value: 2 });
  expect(state.calls).toBe(1);
});

test('a process that falls silent is replaced', async () => {
  const sandbox = sandboxOf();
  let stopped: number | undefined;
  const stop = (): Promise<null> | null => {
    if (stopped !== undefined) return null;
    stopped = pidOf(sandbox);
    process.kill(stopped, 'SIGSTOP');
    return new Promise(() => undefined);
  };
  const outcome = await sandbox.run({ code: 'await stop(); return 1', functions: { stop } });
  expect(outcome).toMatchObject({ value: 1 });
  await expectGone(stopped ?? 0);
});

test('a silent process does not hold a run beyond its wall clock', async () => {
  const sandbox = sandboxOf();
  const stop = (): Promise<null> => {
    process.kill(pidOf(sandbox), 'SIGSTOP');
    return new Promise(() => undefined);
  };
  const outcome = await sandbox.run({
    code: 'await stop()',
    functions: { stop },
    limits: { wallMs: 400, hostCallMs: 60_000 },
  });
  expect(outcome).toMatchObject({ error: { code: 'wall_limit' } });
  expect(outcome.durationMs).toBeLessThan(2_000);
});

test('a host that ends by itself is not kept alive, and leaves nothing', async () => {
  const host = spawn(process.execPath, [
    '--conditions=@nodelens/source',
    fixture('host.ts'),
    'await ready()',
  ]);
  const pid = Number(String((await once(host.stdout, 'data'))[0]));
  expect(pid).toBeGreaterThan(0);
  expect(await once(host, 'exit')).toEqual([0, null]);
  await expectGone(pid);
});

test.each([
  ['waits', 'await ready(); await hang()'],
  ['computes', 'await ready(); for (;;);'],
  ['cannot be stopped', 'await ready(); let x = 3n; for (;;) x *= x;'],
])('a host that is killed takes the process of a run that %s with it', async (_, code) => {
  const host = spawn(process.execPath, ['--conditions=@nodelens/source', fixture('host.ts'), code]);
  const pid = Number(String((await once(host.stdout, 'data'))[0]));
  expect(pid).toBeGreaterThan(0);
  host.kill('SIGKILL');
  await expectGone(pid);
});

test.each([
  ['works', 'return await echo(6) * 7', 42],
  ['keeps its limits', 'let x = 3n; for (;;) x *= x;', -1],
])('in a worker it %s while main is blocked, and ends with the worker', async (_, code, expected) => {
  const shared = new SharedArrayBuffer(12);
  const state = new Int32Array(shared);
  const worker = new Worker(new URL('./fixtures/worker.ts', import.meta.url), {
    workerData: { shared, code },
  });
  onTestFinished(async () => {
    await worker.terminate();
  });
  expect(Atomics.wait(state, 0, 0, 10_000)).not.toBe('timed-out');
  expect(state[1]).toBe(expected);
  await worker.terminate();
  if (state[2]) await expectGone(state[2]);
});
