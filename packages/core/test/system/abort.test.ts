// What a caller that goes away stops, and how fast: model calls over HTTP, whose sockets the provider sees closed, and
// the operators on their threads.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMockProvider } from '@nodelens/testing';
import { expect, onTestFinished, test } from 'vitest';
import type { InvestigationResult } from '../../src/coordinator/insight.ts';
import { anthropic } from '../../src/llm/references.ts';
import { ControlClient } from '../../src/recorder/control/client.ts';
import type { Nodelens } from '../../src/system.ts';
import { pulse, startLens } from './kit.ts';

const PROMPTLY_MS = 100;
/** It takes 25 to 45 ms; a machine that is busy elsewhere may need another try. */
const retry = 3;
/** The coordinator and its two operators. */
const CALLERS = 3;

interface Provider {
  readonly url: string;
  /** Resolves when the coordinator and both operators wait for an answer that does not come. */
  readonly allWaiting: Promise<void>;
  /** Resolves with when the last of their connections was closed by its client. */
  readonly allGone: Promise<number>;
}

async function silentProvider(): Promise<Provider> {
  const waiting = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<number>();
  let calls = 0;
  let left = CALLERS;
  const { url, close } = await startMockProvider({
    async answer(_, { signal }) {
      calls += 1;
      if (calls === 1) return invitation;
      if (calls === 1 + CALLERS) waiting.resolve();
      const { promise, reject } = Promise.withResolvers<never>();
      signal.addEventListener('abort', () => {
        left -= 1;
        if (left === 0) gone.resolve(performance.now());
        reject(new Error('its client has gone'));
      });
      return promise;
    },
  });
  onTestFinished(close);
  return { url, allWaiting: waiting.promise, allGone: gone.promise };
}

const invitation = {
  text: '',
  toolCalls: [{ id: '', name: 'invoke_operators', arguments: { operators: ['first', 'second'] } }],
};

const withTwoOperators = (url: string, control: string | false): Promise<Nodelens> =>
  startLens({
    model: anthropic({ apiKey: 'test', baseUrl: url }),
    operators: [
      { skill: pulse(), name: 'first' },
      { skill: pulse(), name: 'second' },
    ],
    control,
  });

const statuses = ({ operators }: InvestigationResult): readonly string[] =>
  operators.map(({ status }) => status);

test('an aborted investigation has stopped its model calls and operators within 100 ms', {
  retry,
}, async () => {
  const provider = await silentProvider();
  const lens = await withTwoOperators(provider.url, false);
  const controller = new AbortController();
  const running = lens.coordinator.run({ reason: 'it is slow' }, { signal: controller.signal });
  await provider.allWaiting;

  const abortedAt = performance.now();
  controller.abort();
  const [closedAt, [result, endedAt]] = await Promise.all([
    provider.allGone,
    running.then((ended) => [ended, performance.now()] as const),
  ]);

  expect(result.status).toBe('cancelled');
  expect(statuses(result)).toEqual(['cancelled', 'cancelled']);
  expect(closedAt - abortedAt).toBeLessThan(PROMPTLY_MS);
  expect(endedAt - abortedAt).toBeLessThan(PROMPTLY_MS);
});

test('so has one whose client at the control socket is gone', { retry }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nodelens-abort-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const provider = await silentProvider();
  const lens = await withTwoOperators(provider.url, folder);
  const finished = Promise.withResolvers<readonly [InvestigationResult, number]>();
  lens.on('investigation.finished', ({ result }) => finished.resolve([result, performance.now()]));
  const client = await ControlClient.connect(process.pid, lens.controlPath ?? '');
  const lost = client.request('investigate', { reason: 'it is slow' }, { timeoutMs: 60_000 });
  await provider.allWaiting;

  const goneAt = performance.now();
  client.close();
  await expect(lost).rejects.toMatchObject({ code: 'rpc_peer_gone' });
  const [closedAt, [result, endedAt]] = await Promise.all([provider.allGone, finished.promise]);

  expect(statuses(result)).toEqual(['cancelled', 'cancelled']);
  expect(closedAt - goneAt).toBeLessThan(PROMPTLY_MS);
  expect(endedAt - goneAt).toBeLessThan(PROMPTLY_MS);
});
