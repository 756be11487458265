// Schedules and webhooks of a running system.
import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import type { InvestigationResult } from '../../src/coordinator/insight.ts';
import type { LensEvent } from '../../src/telemetry/events.ts';
import type { WebhookMessage } from '../../src/webhook/spec.ts';
import { pulse, startLens } from './kit.ts';

interface Receiver {
  readonly url: string;
  /** How many came; grows while main is blocked, too. */
  readonly count: Int32Array;
  readonly messages: AsyncIterator<
    WebhookMessage & { readonly data: { readonly result: InvestigationResult } }
  >;
}

async function startReceiver(): Promise<Receiver> {
  const count = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('./fixtures/receiver.ts', import.meta.url), { workerData: count });
  onTestFinished(async () => void (await worker.terminate()));
  const told = on(worker, 'message');
  const [first] = (await told.next()).value ?? [];
  const messages = (async function* () {
    for await (const [{ message }] of told) yield message;
  })();
  return { url: `http://127.0.0.1:${first.address.port}/`, count, messages };
}

test('a schedule investigates and a webhook is told while main is blocked; what main does is told, too', async () => {
  const { url, count, messages } = await startReceiver();
  const events: LensEvent[] = [];
  const lens = await startLens({
    operators: [{ skill: pulse() }],
    schedules: [
      { name: 'each second', cron: '* * * * * *', run: { reason: 'is it healthy?', skills: ['pulse'] } },
    ],
    webhooks: [{ url, events: ['investigation.finished'] }],
  });
  onTestFinished(lens.on('schedule.fired', (event) => events.push(event)));
  onTestFinished(lens.on('webhook.delivered', (event) => events.push(event)));
  // The second of two has begun while main was blocked already.
  for (let i = 0; i < 2; i += 1)
    expect(Atomics.wait(count, 0, Atomics.load(count, 0), 20_000), 'main is blocked meanwhile').toBe('ok');
  const { value: message } = await messages.next();
  expect(message).toMatchObject({
    schema: 'nodelens.webhook/1',
    type: 'investigation.finished',
    service: { pid: process.pid },
    data: { result: { reason: 'is it healthy?', status: 'completed', operators: [{ operator: 'pulse' }] } },
  });
  await lens.coordinator.run({ reason: 'by hand' });
  const reasons = new Set<string>();
  while (!reasons.has('by hand')) reasons.add((await messages.next()).value.data.result.reason);
  expect(reasons).toContain('is it healthy?');
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'schedule.fired', schedule: 'each second', isStarted: true }),
  );
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'webhook.delivered', url, event: 'investigation.finished', attempts: 1 }),
  );
});
