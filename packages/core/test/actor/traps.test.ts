// Known traps of what we build on. Each test hangs or fails when our guard is taken away.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { createPoolHost } from '../../src/actor/hosts/pool-host.ts';
import { connectRpc } from '../../src/rpc.ts';
import { fixture, talkerSpec } from './fixtures/specs.ts';

function startTrapped(workerData: object, transferList: MessagePort[] = []): Worker {
  const worker = new Worker(new URL(fixture('trapped')), { workerData, transferList });
  onTestFinished(async () => void (await worker.terminate()));
  return worker;
}

/** comlink alone: the call never settles. */
test.each(['that dies of the call', 'that is terminated'])(
  'a call to a worker %s is rejected',
  async (how) => {
    const { port1, port2 } = new MessageChannel();
    const worker = startTrapped({ port: port2 }, [port2]);
    await once(worker, 'online');
    const { remote } = connectRpc<{ die(): Promise<null>; never(): Promise<null> }>(port1, {
      peer: 'the worker',
      timeoutMs: 60_000,
    });
    const dies = how === 'that dies of the call';
    const call = expect(dies ? remote.die() : remote.never()).rejects.toMatchObject({
      code: 'rpc_peer_gone',
    });
    if (!dies) await worker.terminate();
    await call;
    await expect(remote.never()).rejects.toMatchObject({ code: 'rpc_peer_gone' });
  },
);

/** With piscina's atomics an idle thread sleeps, and what came to it over a port would be dead. */
test('a pooled thread still listens between two actors', async () => {
  const name = `late-${process.pid}`;
  const channel = new BroadcastChannel(name);
  const host = createPoolHost({ maxThreads: 1, idleTimeoutMs: 60_000 });
  onTestFinished(async () => {
    channel.close();
    await host.close();
  });
  const heard = (): Promise<unknown> =>
    new Promise((resolve) =>
      channel.addEventListener('message', (event) => resolve((event as MessageEvent).data), { once: true }),
    );
  const cancelled = new AbortController();
  const waits = heard();
  const late = host.start(
    talkerSpec({ module: fixture('late'), exportName: 'createLate', input: { channel: name } }),
    {},
    cancelled.signal,
  );
  expect(await waits).toBe('waits');
  cancelled.abort();
  await expect(late).rejects.toMatchObject({ code: 'actor_start_failed' });
  // Its thread is idle now.
  const stopped = heard();
  channel.postMessage('come into being');
  expect(await stopped).toBe('stopped');
});

/** With an isolate of its own process, terminate() never comes back from a script like this. */
test('a thread whose script has no end is terminated at once, and the script with it', async () => {
  const worker = startTrapped({ code: 'await begun(); let x = 3n; for (;;) x *= x;' });
  const [pid] = await once(worker, 'message');
  expect(pid).toBeGreaterThan(0);
  await worker.terminate();
  const isGone = async (): Promise<boolean> => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    return stat === '' || stat.includes(') Z ');
  };
  await expect.poll(isGone, { timeout: 10_000 }).toBe(true);
});
