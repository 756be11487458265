// The launcher as a real nested thread: it serves while main is blocked, gets services from where they are, and
// leaves nothing behind.
import { once } from 'node:events';
import { MessageChannel, Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import type { ActorHost } from '../../src/actor/hosts/actor-host.ts';
import {
  type LauncherHandle,
  type LauncherHandleOptions,
  startLauncher,
} from '../../src/actor/hosts/launcher-handle.ts';
import { connectHost } from '../../src/actor/hosts/remote-host.ts';
import { fixture, talkerSpec } from './fixtures/specs.ts';

const timeoutMs = 10_000;
const coderSpec = talkerSpec({ id: 'coder', module: fixture('coder'), exportName: 'createCoder' });

function openLauncher(options: Partial<LauncherHandleOptions> = {}): LauncherHandle {
  const launcher = startLauncher({ onConnect: (_, port) => port.close(), ...options });
  onTestFinished(() => launcher.stop());
  return launcher;
}

function openHost(launcher: LauncherHandle): ActorHost {
  return connectHost(() => {
    const { port1, port2 } = new MessageChannel();
    launcher.connect('launcher', port2);
    return port1;
  });
}

test.each(['thread', 'pool', 'local'] as const)('an actor is placed on its %s', async (placement) => {
  const host = openHost(openLauncher());
  const actor = await host.start(talkerSpec({ placement }));
  expect(await actor.ask('hello', { timeoutMs })).toBe('hello');
  await host.close();
  expect((await actor.exited).kind).toBe('shutdown');
});

test('an actor starts and answers while the main thread is blocked', async () => {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const recorder = new Worker(new URL(fixture('stand-in-recorder')), {
    workerData: { gate, spec: talkerSpec() },
  });
  onTestFinished(() => recorder.terminate().then(() => {}));
  await once(recorder, 'message');
  recorder.postMessage('start');
  expect(Atomics.wait(gate, 0, 0, timeoutMs)).toBe('ok');
  expect(await once(recorder, 'message')).toEqual(['stopped']);
  recorder.postMessage('stop');
  expect(await once(recorder, 'exit')).toEqual([0]);
});

test('services that the launcher lacks are asked of its parent', async () => {
  const asked: string[] = [];
  const launcher = openLauncher({
    onConnect(service, port) {
      asked.push(service);
      port.postMessage(`from ${service}`);
      port.unref();
    },
  });
  const actor = await openHost(launcher).start({ ...coderSpec, services: ['skills', 'main-model'] });
  expect(await actor.ask('skills', { timeoutMs })).toBe('from skills');
  expect(asked).toEqual(['skills', 'main-model']);
});

test('a pooled actor asks for a service when it needs it, and its thread keeps that of a desk', async () => {
  const asked: string[] = [];
  const launcher = openLauncher({
    onConnect(service, port) {
      asked.push(service);
      port.on('message', () => port.postMessage(`from ${service}`)).unref();
    },
  });
  const host = openHost(launcher);
  const spec = { ...coderSpec, placement: 'pool', services: ['skills', 'main-model'] } as const;
  for (const id of ['first', 'second']) {
    const actor = await host.start({ ...spec, id });
    expect(await actor.ask('ask skills', { timeoutMs })).toBe('from skills');
    await host.stop(actor);
  }
  expect(asked).toEqual(['skills']);
});

test('an actor runs code in the sandbox process, and the code calls back into the actor', async () => {
  const actor = await openHost(openLauncher()).start({ ...coderSpec, services: ['sandbox'] });
  expect(await actor.ask('return await double(21)', { timeoutMs })).toMatchObject({ ok: true, value: 42 });
});

test('when the client thread dies, the actors that it started are stopped', async () => {
  const launcher = openLauncher();
  const stopped = Promise.withResolvers<void>();
  const { port1, port2 } = new MessageChannel();
  port1.once('close', () => stopped.resolve());
  port1.unref();
  const client = new MessageChannel();
  launcher.connect('launcher', client.port2);
  await connectHost(client.port1).start(talkerSpec(), { skills: port2 });
  // What happens to a port when its thread ends.
  client.port1.close();
  await stopped.promise;
});

test('stop ends the actors first, then the thread, and refuses connections afterwards', async () => {
  const launcher = openLauncher();
  const host = openHost(launcher);
  const actors = await Promise.all(
    (['thread', 'pool'] as const).map((placement) => host.start(talkerSpec({ placement }))),
  );
  await Promise.all([launcher.stop(), launcher.stop()]);
  for (const actor of actors) expect((await actor.exited).kind).toBe('shutdown');
  expect(launcher.isRunning).toBe(false);
  const { port1, port2 } = new MessageChannel();
  const closed = once(port1, 'close');
  launcher.connect('launcher', port2);
  await closed;
});

test('a launcher that dies takes its actors with it, says so, and is started again when needed', async () => {
  const exits: string[] = [];
  const launcher = openLauncher({ onExit: (reason) => exits.push(reason.kind) });
  const host = openHost(launcher);
  const actor = await host.start(talkerSpec());
  const killer = await host.start(
    talkerSpec({
      placement: 'local',
      module: fixture('bad'),
      exportName: 'createMortal',
      input: { by: 'exit' },
    }),
  );
  const answer = killer.ask('die', { timeoutMs });
  await expect(answer).rejects.toMatchObject({ code: 'actor_exited' });
  expect(await actor.exited).toEqual({ kind: 'killed', why: 'host-closed' });
  await expect.poll(() => exits).toEqual(['thread-ended']);
  const next = await host.start(talkerSpec());
  expect(await next.ask('again', { timeoutMs })).toBe('again');
});
