// Threads of a pool that do not come up: each actor that waits for one is told at once, and nobody else.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ManualClock } from '@nodelens/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ActorHost } from '../../src/actor/hosts/actor-host.ts';
import { PoolStage } from '../../src/actor/hosts/pool-host.ts';
import { talkerSpec } from './fixtures/specs.ts';

interface Pool {
  readonly host: ActorHost;
  readonly stage: PoolStage;
  readonly clock: ManualClock;
}

/** Whatever waits for a deadline there waits for ever. */
function openPool(task: string): Pool {
  const clock = new ManualClock();
  const stage = new PoolStage({ task }, { clock });
  const host = new ActorHost(stage);
  onTestFinished(() => host.close());
  return { host, stage, clock };
}

interface FirstFile {
  readonly task: string;
  /** A path beside it. */
  readonly beside: string;
  write(text: string): void;
}

function firstFile(): FirstFile {
  const folder = mkdtempSync(join(tmpdir(), 'nodelens-first-file-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'first.mjs');
  return {
    task: pathToFileURL(file).href,
    beside: join(folder, 'beside'),
    write: (text) => writeFileSync(file, text),
  };
}

const SOUND = `export { default } from ${JSON.stringify(new URL('../../src/actor/entry/pool-task.ts', import.meta.url))};`;

/** Makes a file as it is loaded, and fails when that file is removed. */
const failsWhenGone = (file: string): string => `
  import { existsSync, writeFileSync } from 'node:fs';
  const file = ${JSON.stringify(file)};
  writeFileSync(file, '');
  while (existsSync(file)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
  throw new RangeError('late');`;

test('a first file that cannot be loaded is told at once to all that wait for it, and the next one tries anew', async () => {
  const { task, write } = firstFile();
  write('this is no program');
  const { host, stage } = openPool(task);
  const starts = ['first', 'second', 'third'].map((id) => host.start(talkerSpec({ id })));
  for (const outcome of await Promise.allSettled(starts)) {
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { code: 'actor_start_failed', cause: { name: 'SyntaxError' } },
    });
    expect((outcome as PromiseRejectedResult).reason.message).toContain(task);
  }
  expect(stage.threadCount).toBe(0);
  write(SOUND);
  const next = await host.start(talkerSpec());
  expect(await next.ask('fine', { timeoutMs: 10_000 })).toBe('fine');
});

test('a thread that fails as it comes up costs one actor, not those whose threads come up', async () => {
  const { task, beside, write } = firstFile();
  // In the thread that is first to say so.
  write(`
    import { readFileSync, writeFileSync } from 'node:fs';
    import { threadId } from 'node:worker_threads';
    const claim = ${JSON.stringify(beside)};
    try { writeFileSync(claim, String(threadId), { flag: 'wx' }); } catch {}
    if (readFileSync(claim, 'utf8') === String(threadId)) throw new RangeError('unlucky');
    ${SOUND}`);
  const { host } = openPool(task);
  const outcomes = await Promise.allSettled(
    ['first', 'second', 'third'].map((id) => host.start(talkerSpec({ id }))),
  );
  const failed = outcomes.filter(({ status }) => status === 'rejected');
  expect(failed).toMatchObject([{ reason: { code: 'actor_start_failed', cause: { message: 'unlucky' } } }]);
  for (const outcome of outcomes)
    if (outcome.status === 'fulfilled')
      expect(await outcome.value.ask('here', { timeoutMs: 10_000 })).toBe('here');
});

test('a thread that fails when nobody waits for it any more harms nobody', async () => {
  const { task, beside, write } = firstFile();
  write(failsWhenGone(beside));
  const { host, clock } = openPool(task);
  const impatient = host.start(talkerSpec({ id: 'impatient', startMs: 1_000, heartbeatTimeoutMs: 1_000 }));
  await vi.waitUntil(() => existsSync(beside), { timeout: 20_000, interval: 5 });
  clock.advance(2_000);
  await expect(impatient).rejects.toMatchObject({ message: expect.stringContaining('unresponsive') });
  write(SOUND);
  const next = host.start(talkerSpec({ id: 'next' }));
  rmSync(beside);
  expect(await (await next).ask('here', { timeoutMs: 10_000 })).toBe('here');
});

test('an actor that waits for the thread of its own while others become free is told of its failure too', async () => {
  const { task, beside, write } = firstFile();
  write(SOUND);
  const { host } = openPool(task);
  const first = await host.start(talkerSpec({ id: 'first' }));
  write(failsWhenGone(beside));
  const second = host.start(talkerSpec({ id: 'second' }));
  await vi.waitUntil(() => existsSync(beside), { timeout: 20_000, interval: 5 });
  await host.stop(first);
  rmSync(beside);
  await expect(second).rejects.toMatchObject({
    code: 'actor_start_failed',
    message: expect.stringContaining(task),
    cause: { name: 'RangeError', message: 'late' },
  });
});
