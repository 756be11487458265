// What only the pool has: bounds, order, threads that are used again and given back.
import { ManualClock } from '@nodelens/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ActorHost } from '../../src/actor/hosts/actor-host.ts';
import { PoolStage } from '../../src/actor/hosts/pool-host.ts';
import type { PoolOptions, PoolSurroundings } from '../../src/actor/hosts/pool-options.ts';
import { LATE_RESERVE_MB, RESERVE_MB, THREAD_MB } from '../../src/actor/limits/memory-need.ts';
import { badSpec, fixture, talkerSpec } from './fixtures/specs.ts';

function openPool(
  options: PoolOptions,
  surroundings?: PoolSurroundings,
): { host: ActorHost; stage: PoolStage } {
  const stage = new PoolStage(options, surroundings);
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
    code: 'actor_queue_full',
    data: { waiting: 1 },
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

test('a thread that runs one actor after the other gathers no listeners', async () => {
  const { host } = openPool({ maxThreads: 1 });
  const warnings: Error[] = [];
  const hear = (warning: Error): number => warnings.push(warning);
  process.on('warning', hear);
  onTestFinished(() => void process.off('warning', hear));
  for (let run = 0; run < 12; run += 1) await host.stop(await host.start(talkerSpec({ id: `run-${run}` })));
  expect(warnings).toEqual([]);
});

test('idle threads are released', async () => {
  const { host, stage } = openPool({ idleTimeoutMs: 20 });
  await host.stop(await host.start(talkerSpec()));
  await expect.poll(() => stage.threadCount, { timeout: 5_000 }).toBe(0);
});

test('where memory is short, actors wait for each other and share one thread', async () => {
  const { host, stage } = openPool({}, { headroom: () => THREAD_MB + RESERVE_MB });
  const first = await host.start(talkerSpec({ id: 'first' }));
  const waiting = ['second', 'third'].map(async (id) => host.stop(await host.start(talkerSpec({ id }))));
  expect(await first.ask('busy', { timeoutMs: 10_000 })).toBe('busy');
  await host.stop(first);
  await Promise.all(waiting);
  expect(stage.threadCount).toBe(1);
});

test('several that start at once are not all given the memory that is there for one more', async () => {
  const { host, stage } = openPool({}, { headroom: () => 2 * THREAD_MB + RESERVE_MB });
  const actors = await Promise.all([host.start(talkerSpec()), host.start(talkerSpec())]);
  const third = host.start(talkerSpec());
  expect(stage.threadCount).toBe(2);
  await Promise.all(actors.map((actor) => host.stop(actor)));
  await third;
});

test('an actor that cannot run even alone is refused, also when it has waited; an idle thread needs nothing', async () => {
  let freeMb = THREAD_MB + LATE_RESERVE_MB;
  const { host } = openPool({}, { headroom: () => freeMb });
  const doomed = await host.start(badSpec('createStubborn', { placement: 'pool', shutdownMs: 20 }));
  const waiting = host.start(talkerSpec({ id: 'waiting' }));
  freeMb -= 1;
  // Killed, it takes its thread with it.
  const [refused] = await Promise.allSettled([waiting, host.stop(doomed)]);
  expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'memory_short' } });
  await expect(host.start(talkerSpec())).rejects.toMatchObject({
    code: 'memory_short',
    data: { missingMb: 1 },
  });
  freeMb += 1;
  await host.stop(await host.start(talkerSpec()));
  freeMb = 0;
  expect((await host.start(talkerSpec({ id: 'reused' }))).id).toBe('reused');
});

test('patient, it starts the next thread only when nobody has become free, and uses a free one at once', async () => {
  const clock = new ManualClock();
  const { host, stage } = openPool({ growAfterMs: 250 }, { clock });
  const first = await host.start(talkerSpec({ id: 'first' }));
  const second = host.start(talkerSpec({ id: 'second' }));
  const third = host.start(talkerSpec({ id: 'third' }));
  expect(stage.threadCount).toBe(1);
  await host.stop(first);
  expect((await second).id).toBe('second');
  expect(stage.threadCount).toBe(1);
  clock.advance(250);
  expect(stage.threadCount).toBe(2);
  expect((await third).id).toBe('third');
});

test('callers take turns: one who asks for much does not keep another waiting', async () => {
  const { host, stage } = openPool({ maxThreads: 1 });
  const running = await host.start(talkerSpec({ id: 'running', caller: 'greedy' }));
  const begun: string[] = [];
  const ask = async (id: string, caller: string): Promise<void> => {
    const actor = await host.start(talkerSpec({ id, caller }));
    begun.push(id);
    await host.stop(actor);
  };
  const all = [ask('g1', 'greedy'), ask('g2', 'greedy'), ask('g3', 'greedy'), ask('m1', 'modest')];
  expect(stage.waitingCount).toBe(4);
  await host.stop(running);
  await Promise.all(all);
  expect(begun).toEqual(['g1', 'm1', 'g2', 'g3']);
});

test('who would begin too late for its caller is refused, those behind it keep their turns', async () => {
  const clock = new ManualClock();
  const { host, stage } = openPool({ maxThreads: 1 }, { clock });
  const running = await host.start(talkerSpec({ id: 'running' }));
  const hasty = host.start(talkerSpec({ id: 'hasty', queueMs: 500 }));
  const patient = host.start(talkerSpec({ id: 'patient', queueMs: 5_000 }));
  clock.advance(499);
  expect(stage.waitingCount).toBe(2);
  clock.advance(1);
  await expect(hasty).rejects.toMatchObject({
    code: 'actor_queue_deadline',
    retryable: true,
    data: { waitedMs: 500, queueMs: 500 },
  });
  await host.stop(running);
  await host.stop(await patient);
  await host.close();
  expect(clock.pending).toBe(0);
});

test('a start that is cancelled while it waits leaves the queue at once', async () => {
  const { host, stage } = openPool({ maxThreads: 1, maxQueue: 1 });
  const running = await host.start(talkerSpec({ id: 'running' }));
  const cancelled = new AbortController();
  const unwanted = host.start(talkerSpec({ id: 'unwanted' }), {}, cancelled.signal);
  cancelled.abort();
  await expect(unwanted).rejects.toMatchObject({ code: 'actor_start_failed' });
  expect(stage.waitingCount).toBe(0);
  const wanted = host.start(talkerSpec({ id: 'wanted' }));
  await host.stop(running);
  expect((await wanted).id).toBe('wanted');
});

test('a start that is cancelled on its thread stops, and its thread serves the next', async () => {
  const { host, stage } = openPool({ maxThreads: 1 });
  const cancelled = new AbortController();
  const unwanted = host.start(badSpec('neverReady', { placement: 'pool' }), {}, cancelled.signal);
  cancelled.abort();
  await expect(unwanted).rejects.toMatchObject({ code: 'actor_start_failed' });
  await host.start(talkerSpec());
  expect(stage.threadCount).toBe(1);
});

test('a module that the first file of its threads brings along is not loaded; any other is', async () => {
  const { host } = openPool({ task: fixture('brought-along') });
  const brought = await host.start(talkerSpec({ id: 'brought', module: 'brought:along' }));
  expect(await brought.ask('hello', { timeoutMs: 10_000 })).toBe('hello');
  await host.stop(brought);
  expect(await (await host.start(talkerSpec())).ask('hello', { timeoutMs: 10_000 })).toBe('hello');
});

test('a thread on which an actor left something that grows is ended before the next one comes', async () => {
  const { host, stage } = openPool({ maxThreads: 1, idleTimeoutMs: 600_000 });
  await host.stop(await host.start(badSpec('createLitterer', { placement: 'pool' })));
  await vi.waitUntil(() => stage.threadCount === 0, { timeout: 20_000, interval: 5 });
  expect(await (await host.start(talkerSpec())).ask('next', { timeoutMs: 10_000 })).toBe('next');
});
