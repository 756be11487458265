// Runs where memory is short, with real threads and a real sandbox process; only the figure is given.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { createLauncher } from '../../src/actor/hosts/launcher.ts';
import { connectHost } from '../../src/actor/hosts/remote-host.ts';
import type { ServiceName } from '../../src/actor/hosts/services.ts';
import type { Headroom } from '../../src/actor/limits/headroom.ts';
import { RUN_MB, THREAD_MB } from '../../src/actor/limits/memory-need.ts';
import { triage } from '../../src/llm/references.ts';
import { createStandIn, type Investigate } from '../../src/system/stand-in.ts';
import { fixture, talkerSpec } from '../actor/fixtures/specs.ts';
import { skillNamed } from '../coordinator/lab.ts';
import { scripted } from '../operator/scripted.ts';
import { createWorld } from '../operator/world.ts';

const names = ['runtime', 'gc', 'memory'];
const request = { reason: 'it is slow', timeoutMs: 60_000 };

interface Scene {
  readonly investigate: Investigate;
  readonly services: ServiceName[];
  readonly connect: () => MessagePort;
  /** Threads that were started: the coordinator's, and those of the pool. */
  readonly threadCount: () => number;
}

function sceneWith(headroom: Headroom): Scene {
  const world = createWorld(scripted([]), names.map(skillNamed));
  const services: ServiceName[] = [];
  let threads = 0;
  const count = (): number => threads++;
  process.on('worker', count);
  onTestFinished(() => void process.off('worker', count));
  const launcher = createLauncher({
    parent: world.connect,
    headroom,
    // So that memory alone decides how many run at once.
    pool: { growAfterMs: 0 },
  });
  onTestFinished(() => launcher.close());
  const connect = (): MessagePort => {
    services.push('launcher');
    const { port1, port2 } = new MessageChannel();
    launcher.connect('launcher', port2);
    return port1;
  };
  const host = connectHost(connect);
  onTestFinished(() => host.close());
  const operators = names.map((name) => world.spec({ name, model: triage() }));
  const investigate = createStandIn({
    host: async () => host,
    operators: async () => operators,
    model: triage(),
    headroom,
  });
  return { investigate, services, connect, threadCount: () => threads };
}

test('with room for one operator only, an investigation runs them one after another, on one thread', async () => {
  let freeMb = RUN_MB.fromSocket;
  const { investigate, threadCount } = sceneWith(() => {
    const found = freeMb;
    // From the second look on, launcher and coordinator have theirs.
    freeMb = RUN_MB.fromSocket - 2 * THREAD_MB;
    return found;
  });
  const result = await investigate(request, { signal: new AbortController().signal, onEvent: () => {} });
  expect(result).toMatchObject({ status: 'completed' });
  expect(result.operators.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
  expect(threadCount()).toBe(1 + 1);
});

test('with room for all, they run at the same time', async () => {
  const { investigate, threadCount } = sceneWith(() => 1_000);
  await investigate(request, { signal: new AbortController().signal, onEvent: () => {} });
  expect(threadCount()).toBeGreaterThan(1 + 1);
});

test('with less, it is refused before anything is started, and says how much is missing', async () => {
  const { investigate, services } = sceneWith(() => RUN_MB.fromSocket - 30);
  const run = investigate(request, { signal: new AbortController().signal, onEvent: () => {} });
  await expect(run).rejects.toMatchObject({
    code: 'memory_short',
    retryable: true,
    data: { neededMb: RUN_MB.fromSocket, freeMb: RUN_MB.fromSocket - 30, missingMb: 30 },
    message: expect.stringMatching(/30 MB too few.*limit.*nodelens snapshot/),
  });
  expect(services).toEqual([]);
});

test('memory that is gone by the time of an operator or its script refuses just that', async () => {
  let freeMb = 1_000;
  const { connect } = sceneWith(() => freeMb);
  const host = connectHost(connect);
  onTestFinished(() => host.close());
  const coder = await host.start(
    talkerSpec({
      id: 'coder',
      module: fixture('coder'),
      exportName: 'createCoder',
      placement: 'pool',
      services: ['sandbox'],
    }),
  );
  freeMb = 10;
  expect(await coder.ask('return 1', { timeoutMs: 10_000 })).toMatchObject({
    ok: false,
    error: { code: 'sandbox_refused', message: expect.stringContaining('MB too few') },
  });
  const refused = talkerSpec({ id: 'second', placement: 'pool' });
  const waiting = host.start(refused);
  await host.kill(coder);
  await expect(waiting).rejects.toMatchObject({ code: 'memory_short' });
});
