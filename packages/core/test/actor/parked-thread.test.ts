// A thread that waits for an actor, on a real launcher: asleep and nobody's until it is taken, then that actor's own.
import { readFileSync } from 'node:fs';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import type { ActorHost } from '../../src/actor/hosts/actor-host.ts';
import type { Census, CensusDesk } from '../../src/actor/hosts/census.ts';
import type { ParkedThread } from '../../src/actor/hosts/host.ts';
import { createInProcessHost } from '../../src/actor/hosts/in-process-host.ts';
import { startLauncher } from '../../src/actor/hosts/launcher-handle.ts';
import { connectHost } from '../../src/actor/hosts/remote-host.ts';
import { ThreadStage } from '../../src/actor/hosts/thread-host.ts';
import { createHeart, heartWord, threadOf } from '../../src/actor/limits/heartbeat.ts';
import { connectRpc } from '../../src/rpc.ts';
import { badSpec, fixture, talkerSpec } from './fixtures/specs.ts';

const timeoutMs = 10_000;
const isLinux = process.platform === 'linux';
const nameOf = (tid: number | undefined): string =>
  readFileSync(`/proc/self/task/${tid}/comm`, 'utf8').trim();

interface Open {
  readonly host: ActorHost;
  readonly park: () => ParkedThread;
  /** Asks until it is as wanted. */
  readonly until: (isReached: (census: Census) => boolean) => Promise<Census>;
}

function open(): Open {
  const launcher = startLauncher({ onConnect: (_, port) => port.close() });
  const connect = (service: 'launcher' | 'census'): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    launcher.connect(service, port2);
    return port1;
  };
  const host = connectHost(() => connect('launcher'));
  const client = connectRpc<CensusDesk>(connect('census'), { peer: 'the launcher', timeoutMs });
  onTestFinished(async () => {
    await host.close();
    client.close();
    await launcher.stop();
  });
  return {
    host,
    park: () => host.park([fixture('talker')]) ?? expect.fail('no thread'),
    async until(isReached) {
      for (;;) {
        const census = await client.remote.census();
        if (isReached(census)) return census;
      }
    },
  };
}

test('a thread that waits is nobody’s; who takes it runs on it, and it bears the name', async () => {
  const { park, until } = open();
  const parked = park();
  const waiting = await until(({ spare }) => spare !== undefined);
  expect(waiting.actors).toEqual([]);
  const tid = waiting.spare?.vitals.tid;
  if (isLinux) expect(nameOf(tid)).toBe('nl:spare');
  const actor = await parked.start(talkerSpec({ id: 'operator-redis' }));
  expect(await actor.ask('input', { timeoutMs })).toEqual({ greeting: 'hello', ports: [] });
  const busy = await until(() => true);
  expect(busy).toMatchObject({ actors: [{ id: 'operator-redis', placement: 'thread', vitals: { tid } }] });
  expect(busy.spare).toBeUndefined();
  if (isLinux) expect(nameOf(tid)).toBe('nl:redis');
});

test('it makes itself ready meanwhile, and what cannot be loaded harms nobody', async () => {
  const { host, until } = open();
  const parked = host.park([fixture('no-such-file'), fixture('warmed')]);
  await until(({ spare }) => spare !== undefined);
  const spec = talkerSpec({ module: fixture('warmed'), exportName: 'createWarmed' });
  const [warmed, cold] = await Promise.all([parked?.start(spec), host.start(spec)]);
  expect(await warmed?.ask('are you?', { timeoutMs })).toBe(true);
  expect(await cold.ask('are you?', { timeoutMs })).toBe(false);
});

test('it does not beat as long as it waits', async () => {
  const stage = new ThreadStage();
  onTestFinished(() => stage.close());
  const { heart = createHeart() } = stage.park([]);
  await expect.poll(() => threadOf(heart), { timeout: timeoutMs }).not.toBe(0);
  const beats = Atomics.load(heart, heartWord.beats);
  // Time enough for one of its own kind to have beaten several times.
  const other = stage.park([]);
  const { port1, port2 } = new MessageChannel();
  const neighbour = other.run({ spec: talkerSpec(), port: port2, ports: {}, requestStop: () => undefined });
  onTestFinished(() => port1.close());
  await expect
    .poll(() => Atomics.load(neighbour.heart ?? heart, heartWord.beats), { timeout: timeoutMs })
    .toBeGreaterThan(3);
  expect(Atomics.load(heart, heartWord.beats)).toBe(beats);
});

test('one that is taken before it is up is the actor’s all the same', async () => {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  const actor = await open().park().start(talkerSpec(), { skills: port2 });
  expect(await actor.ask('input', { timeoutMs })).toEqual({ greeting: 'hello', ports: ['skills'] });
});

test('what goes wrong on it is that actor’s end', async () => {
  const { host, park } = open();
  const stubborn = await park().start(badSpec('createStubborn', { shutdownMs: 10 }));
  await host.stop(stubborn);
  expect(await stubborn.exited).toEqual({ kind: 'killed', why: 'shutdown-deadline' });
  const mortal = await park().start(badSpec('createMortal', { input: { by: 'memory' }, memoryMb: 32 }));
  mortal.tell('die');
  expect(await mortal.exited).toEqual({ kind: 'killed', why: 'memory-limit' });
  await expect(park().start(badSpec('throwsAtStart'))).rejects.toMatchObject({ code: 'actor_start_failed' });
});

test('it can be ended as long as it is nobody’s; who starts there then gets a thread of its own', async () => {
  const { park, until } = open();
  const parked = park();
  await until(({ spare }) => spare !== undefined);
  parked.end();
  await parked.ended;
  await until(({ spare }) => spare === undefined);
  const actor = await parked.start(talkerSpec());
  parked.end();
  expect(await actor.ask('still here', { timeoutMs })).toBe('still here');
});

test('an actor that cannot be given to it takes it along', async () => {
  const parked = open().park();
  const input = { hello: () => 'never' } as never;
  await expect(parked.start(talkerSpec({ input }))).rejects.toMatchObject({ code: 'actor_start_failed' });
  await parked.ended;
});

test('it ends with its client, and is none where actors have no threads', async () => {
  const { host, park } = open();
  const parked = park();
  await host.close();
  await parked.ended;
  expect(() => host.park([])).toThrow(expect.objectContaining({ code: 'host_closed' }));
  await expect(parked.start(talkerSpec())).rejects.toMatchObject({ code: 'host_closed' });
  const local = createInProcessHost();
  onTestFinished(() => local.close());
  expect(local.park([])).toBeUndefined();
});
