// The census of a real launcher: who runs on it, seen from outside, also while an actor's thread stands still.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { MessageChannel } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import type { ActorHost } from '../../src/actor/hosts/actor-host.ts';
import type { Census, CensusDesk } from '../../src/actor/hosts/census.ts';
import { type LauncherHandle, startLauncher } from '../../src/actor/hosts/launcher-handle.ts';
import { connectHost } from '../../src/actor/hosts/remote-host.ts';
import { connectRpc } from '../../src/rpc.ts';
import { fixture, talkerSpec } from './fixtures/specs.ts';

const timeoutMs = 10_000;
const isLinux = process.platform === 'linux';

function open(): { launcher: LauncherHandle; host: ActorHost; until: Until } {
  const launcher = startLauncher({ onConnect: (_, port) => port.close() });
  onTestFinished(() => launcher.stop());
  const connect = (service: 'launcher' | 'census') => {
    const { port1, port2 } = new MessageChannel();
    launcher.connect(service, port2);
    return port1;
  };
  const host = connectHost(() => connect('launcher'));
  let client: { readonly remote: CensusDesk; close(): void } | undefined;
  onTestFinished(() => client?.close());
  const until: Until = async (isReached) => {
    client ??= connectRpc<CensusDesk>(connect('census'), { peer: 'the launcher', timeoutMs });
    for (;;) {
      const census = await client.remote.census();
      if (isReached(census)) return census;
    }
  };
  return { launcher, host, until };
}

type Until = (isReached: (census: Census) => boolean) => Promise<Census>;

const nameOf = (tid: number | undefined): string =>
  readFileSync(`/proc/self/task/${tid}/comm`, 'utf8').trim();

test('an actor whose thread stands still is seen with its mailbox, memory, CPU and kernel thread', async () => {
  const { host, until } = open();
  const { port1: gate, port2 } = new MessageChannel();
  onTestFinished(() => gate.close());
  const spec = talkerSpec({ id: 'operator-stuck', module: fixture('stuck'), exportName: 'createStuck' });
  const actor = await host.start(spec, { gate: port2 });
  for (let n = 0; n < 5; n += 1) actor.tell(n);
  await once(gate, 'message');
  await until(({ actors: [entry] }) => entry?.vitals.mailbox === 4);
  gate.postMessage('block');
  await once(gate, 'message');
  const { actors, pool, teller, sandboxPid } = await until(
    ({ actors: [entry] }) => entry?.vitals.cpuPercent !== undefined,
  );
  expect(actors).toEqual([
    {
      id: 'operator-stuck',
      placement: 'thread',
      startedAtMs: expect.any(Number),
      vitals: {
        mailbox: 4,
        memoryMb: expect.any(Number),
        cpuPercent: expect.any(Number),
        ...(isLinux && { tid: expect.any(Number) }),
      },
    },
  ]);
  expect(Math.abs(Date.now() - (actors[0]?.startedAtMs ?? 0))).toBeLessThan(60_000);
  expect({ pool, sandboxPid }).toEqual({ pool: { threads: 0, waiting: 0 }, sandboxPid: undefined });
  if (isLinux)
    expect([nameOf(actors[0]?.vitals.tid), nameOf(teller.vitals.tid)]).toEqual(['nl:stuck', 'nl:launcher']);
  await host.kill(actor);
  expect((await until(() => true)).actors).toEqual([]);
});

test.runIf(isLinux)('a pooled thread bears the name of its actor, and gives it back', async () => {
  const { host, until } = open();
  const actor = await host.start(talkerSpec({ id: 'operator-gc-0123456789abcdef', placement: 'pool' }));
  const { actors, pool } = await until(
    ({ actors: [entry] }) => entry !== undefined && nameOf(entry.vitals.tid) === 'nl:gc',
  );
  expect(pool).toEqual({ threads: 1, waiting: 0 });
  const tid = actors[0]?.vitals.tid;
  await host.stop(actor);
  await until((census) => census.actors.length === 0);
  expect(nameOf(tid)).toBe('nl:pool');
});
