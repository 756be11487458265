// What only a host over a port has: a server that can be lost, and a client that can.
import { once } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import type { ActorHost } from '../../src/actor/hosts/actor-host.ts';
import { createPlacementHost } from '../../src/actor/hosts/placement-host.ts';
import { connectHost } from '../../src/actor/hosts/remote-host.ts';
import { serveHost } from '../../src/actor/hosts/served-host.ts';
import { fail } from '../../src/errors.ts';
import { badSpec, talkerSpec } from './fixtures/specs.ts';

interface Served {
  /** The client's end. */
  readonly port: MessagePort;
  readonly undo: () => Promise<void>;
}

function openServer(): { serve: () => Served; host: ActorHost } {
  const host = createPlacementHost({ connect: (_, port) => port.close(), pool: { maxThreads: 1 } });
  onTestFinished(() => host.close());
  const serve = (): Served => {
    const { port1, port2 } = new MessageChannel();
    return { port: port2, undo: serveHost(port1, host) };
  };
  return { serve, host };
}

test('a server that stops serving stops the actors of its client, and ends the stubborn ones', async () => {
  const { port, undo } = openServer().serve();
  const host = connectHost(port);
  const polite = await host.start(talkerSpec());
  const stubborn = await host.start(badSpec('createStubborn', { shutdownMs: 50 }));
  await undo();
  expect((await polite.exited).kind).toBe('shutdown');
  expect(await stubborn.exited).toEqual({ kind: 'killed', why: 'shutdown-deadline' });
  await expect(host.start(talkerSpec())).rejects.toMatchObject({ code: 'host_closed' });
});

test('one client that goes away does not touch the actors of another', async () => {
  const { serve } = openServer();
  const [leaving, staying] = [connectHost(serve().port), connectHost(serve().port)];
  const theirs = await leaving.start(talkerSpec());
  const ours = await staying.start(talkerSpec());
  await leaving.close();
  expect((await theirs.exited).kind).toBe('shutdown');
  expect(await ours.ask('still here', { timeoutMs: 10_000 })).toBe('still here');
  await staying.close();
});

test('an actor that still waits for a pooled thread is given up with its client', async () => {
  const { serve } = openServer();
  const [busy, leaving] = [connectHost(serve().port), connectHost(serve().port)];
  const running = await busy.start(talkerSpec({ placement: 'pool' }));
  const { port1, port2 } = new MessageChannel();
  const closed = once(port1, 'close');
  const spec = talkerSpec({ id: 'waiting', placement: 'pool', shutdownMs: 60_000 });
  const waiting = leaving.start(spec, { skills: port2 });
  await Promise.all([
    expect(waiting).rejects.toMatchObject({ code: 'actor_start_failed' }),
    leaving.close(),
    closed,
  ]);
  expect(await running.ask('mine', { timeoutMs: 10_000 })).toBe('mine');
  await busy.close();
});

test('with a function, it connects at the first start and anew after the server was lost', async () => {
  const { serve } = openServer();
  const served: Served[] = [];
  const host = connectHost(() => {
    const next = serve();
    served.push(next);
    return next.port;
  });
  onTestFinished(() => host.close());
  expect(served).toHaveLength(0);
  const first = await host.start(talkerSpec());
  await served[0]?.undo();
  await first.exited;
  const second = await host.start(talkerSpec());
  expect(await second.ask('again', { timeoutMs: 10_000 })).toBe('again');
  expect(served).toHaveLength(2);
  await host.close();
  await expect(host.start(talkerSpec())).rejects.toMatchObject({ code: 'host_closed' });
  expect(served).toHaveLength(2);
});

test('what the function throws is what the start rejects with', async () => {
  const host = connectHost(() => {
    throw fail('lens_stopped');
  });
  await expect(host.start(talkerSpec())).rejects.toMatchObject({ code: 'lens_stopped' });
});
