import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { KeptPorts } from '../../src/actor/hosts/kept-ports.ts';
import type { ServiceName, ServicePort } from '../../src/actor/hosts/services.ts';
import { connectRpc, serveRpc } from '../../src/rpc.ts';

interface Desk {
  readonly answer: (to: string) => Promise<string>;
}

/** What is asked `later` is answered when the test says so. */
function serve() {
  const opened: [ServiceName, MessagePort][] = [];
  const later = Promise.withResolvers<void>();
  const kept = new KeptPorts((service, port) => {
    opened.push([service, port]);
    serveRpc<Desk>(port, {
      async answer(to) {
        if (to === 'later') await later.promise;
        return `to ${to}`;
      },
    });
    onTestFinished(() => port.close());
  });
  return { kept, names: () => opened.map(([name]) => name), last: () => opened.at(-1)?.[1], later };
}

const connect = (port: ServicePort | undefined) =>
  connectRpc<Desk>(port as ServicePort, { peer: 'the desk', timeoutMs: 10_000 });

const closed = (port: ServicePort | undefined): Promise<void> =>
  new Promise((resolve) => port?.once('close', () => resolve()));

test('a port is opened when it is read, and once for an actor', () => {
  const { kept, names } = serve();
  const { ports } = kept.portsOf(['store', 'sandbox'], {});
  expect([Object.keys(ports), names()]).toEqual([['store', 'sandbox'], []]);
  expect(ports.store).toBe(ports.store);
  expect(names()).toEqual(['store']);
});

test('that of a desk is lent to the next actor, which hears nothing of the last', async () => {
  const { kept, names, later } = serve();
  const first = kept.portsOf(['skills'], {});
  const asked = connect(first.ports.skills);
  const unanswered = asked.remote.answer('later');
  asked.close();
  first.close();
  await expect(unanswered).rejects.toMatchObject({ code: 'rpc_peer_gone' });
  const second = kept.portsOf(['skills'], {});
  const heard: unknown[] = [];
  second.ports.skills?.on('message', (message: unknown) => heard.push(message));
  const { remote } = connect(second.ports.skills);
  expect(await remote.answer('you')).toBe('to you');
  expect([heard.length, names()]).toEqual([1, ['skills']]);
  later.resolve();
  expect(await remote.answer('you')).toBe('to you');
});

test('an actor that has ended is heard no more', async () => {
  const { kept } = serve();
  const first = kept.portsOf(['store'], {});
  const port = first.ports.store;
  first.close();
  const late: unknown[] = [];
  port?.on('message', (message: unknown) => late.push(message));
  port?.postMessage('from the dead');
  expect(await connect(kept.portsOf(['store'], {}).ports.store).remote.answer('you')).toBe('to you');
  expect(late).toEqual([]);
});

test('a desk that is gone is asked for anew', async () => {
  const { kept, names, last } = serve();
  const first = kept.portsOf(['models'], {});
  const gone = closed(first.ports.models);
  last()?.close();
  await gone;
  first.close();
  expect(await connect(kept.portsOf(['models'], {}).ports.models).remote.answer('you')).toBe('to you');
  expect(names()).toEqual(['models', 'models']);
});

test('a port that means its actor is closed with it, also one that it was given or reads too late', async () => {
  const { kept, last } = serve();
  const { port1, port2 } = new MessageChannel();
  const { ports, close } = kept.portsOf(['sandbox', 'main-model', 'launcher'], { launcher: port1 });
  expect(ports.launcher).toBe(port1);
  expect(ports.sandbox).toBeDefined();
  const sandboxGone = closed(last());
  const launcherGone = closed(port2);
  close();
  await Promise.all([sandboxGone, launcherGone]);
  expect(ports['main-model']).toBeDefined();
  await closed(last());
});
