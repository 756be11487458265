// What only the pool has: bounds, order, threads that are used again and given back.
import { expect, onTestFinished, test } from 'vitest';
import { ActorHost } from '../../src/actor/actor-host.ts';
import { type PoolOptions, PoolStage } from '../../src/actor/pool-host.ts';
import { badSpec, talkerSpec } from './fixtures/specs.ts';

function openPool(options: PoolOptions): { host: ActorHost; stage: PoolStage } {
  const stage = new PoolStage(options);
  const host = new ActorHost(stage);
  onTestFinished(() => host.close());
  return { host, stage };
}

test('never more actors at once than threads, and those that wait begin in order', async () => {
  const { host, stage } = openPool({ maxThreads: 1 });
  const begun: string[] = [];
  const first = await host.start(talkerSpec({ id: 'first' }));
  const waiting = ['second', 'third'].map(async (id) => {
    const actor = await host.start(talkerSpec({ id }));
    begun.push(id);
    await host.stop(actor);
  });
  expect(await first.ask('busy', { timeoutMs: 10_000 })).toBe('busy');
  expect(begun).toEqual([]);
  await host.stop(first);
  await Promise.all(waiting);
  expect(begun).toEqual(['second', 'third']);
  expect(stage.threadCount).toBe(1);
});

test('a full queue refuses the next actor at once', async () => {
  const { host } = openPool({ maxThreads: 1, maxQueue: 1 });
  const running = await host.start(talkerSpec());
  const waiting = host.start(talkerSpec());
  await expect(host.start(talkerSpec())).rejects.toMatchObject({
    code: 'actor_start_failed',
    message: expect.stringContaining('1 actors wait'),
  });
  await host.stop(running);
  await waiting;
});

test('waiting for a thread does not count as start time', async () => {
  const { host } = openPool({ maxThreads: 1 });
  const running = await host.start(talkerSpec());
  const waiting = host.start(talkerSpec({ id: 'patient', startMs: 1_000, heartbeatTimeoutMs: 300 }));
  await expect(running.ask('hang', { timeoutMs: 1_600 })).rejects.toMatchObject({ code: 'ask_timeout' });
  await host.stop(running);
  expect((await waiting).id).toBe('patient');
});

test('close ends an actor that still waits', async () => {
  const { host } = openPool({ maxThreads: 1 });
  await host.start(badSpec('createStubborn', { shutdownMs: 20 }));
  const waiting = host.start(talkerSpec({ id: 'waiting', shutdownMs: 60_000 }));
  await Promise.all([expect(waiting).rejects.toMatchObject({ code: 'actor_start_failed' }), host.close()]);
});

test('idle threads are released', async () => {
  const { host, stage } = openPool({ idleTimeoutMs: 20 });
  await host.stop(await host.start(talkerSpec()));
  await expect.poll(() => stage.threadCount, { timeout: 5_000 }).toBe(0);
});
