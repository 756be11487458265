import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { type Clock, systemClock } from '../../src/actor/clock.ts';
import type { Insight } from '../../src/coordinator/insight.ts';
import { randomId } from '../../src/ids.ts';
import type { ToldEvent } from '../../src/telemetry/events.ts';
import type { WebhookOptions } from '../../src/webhook/spec.ts';
import { createWebhooks, type WebhookTold } from '../../src/webhook/webhooks.ts';

const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A real receiver that answers with these statuses in turn, then with 204; 0: never. */
async function receiver(statuses: readonly number[] = [], headers: Record<string, string> = {}) {
  const received: Received[] = [];
  const left = [...statuses];
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    const status = left.shift() ?? 204;
    if (status !== 0) response.writeHead(status, headers).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hooks/in?token=abc`, received, server };
}

type IsGenuine = (headers: Received['headers'], body: string, secret: string) => boolean;

/** The verification that docs/alerts.md gives to receivers. */
async function documented(): Promise<IsGenuine> {
  const page = readFileSync(new URL('../../../../docs/alerts.md', import.meta.url), 'utf8');
  const [, code = ''] = /```ts\n(import \{ createHmac[\s\S]*?)```/.exec(page) ?? [];
  const url = `data:text/javascript,${encodeURIComponent(stripTypeScriptTypes(code))}`;
  return ((await import(url)) as { isGenuine: IsGenuine }).isGenuine;
}

/** Minutes pass as milliseconds. */
const hastyClock: Clock = { ...systemClock, after: (ms, run) => systemClock.after(ms / 1_000, run) };

function lab(webhooks: readonly WebhookOptions[], clock: Clock = hastyClock) {
  const told: WebhookTold[] = [];
  let heard = Promise.withResolvers<void>();
  const senders = createWebhooks({
    webhooks: webhooks.map((webhook) => ({ timeoutMs: 5_000_000, ...webhook })),
    service: { name: 'shop', hostname: 'host', pid: 1 },
    emit(event) {
      told.push(event);
      heard.resolve();
      heard = Promise.withResolvers();
    },
    clock,
    random: () => 0.5,
    ids: randomId,
  });
  onTestFinished(() => senders.close());
  const ends = async (count: number): Promise<readonly WebhookTold[]> => {
    while (told.length < count) await heard.promise;
    return told;
  };
  return { ...senders, told, ends };
}

const atMs = Date.parse('2026-03-02T12:00:00.500Z');

const insight = (changes: Partial<Insight> = {}): ToldEvent => ({
  type: 'insight.produced',
  atMs,
  investigationId: 'a'.repeat(16),
  insight: {
    id: 'b'.repeat(16),
    investigationId: 'a'.repeat(16),
    notificationIds: [],
    correlationType: 'causal',
    summary: 'the cache grows; password=hunter2secret was in a log line',
    matchedObservations: [],
    hypothesisGrounded: false,
    confidence: 'medium',
    subjects: [],
    createdAt: '2026-03-02T12:00:00.000Z',
    ...changes,
  },
});

test('an insight arrives signed, in its schema and without secrets; a 503 is tried again with the same id', async () => {
  const { url, received } = await receiver([503]);
  const { offer, ends } = lab([{ url, secret, headers: { Authorization: 'Bearer mine' } }]);
  offer(insight());
  expect(await ends(1)).toEqual([
    {
      type: 'webhook.delivered',
      url: expect.not.stringContaining('abc'),
      event: 'insight.produced',
      attempts: 2,
    },
  ]);
  const [first, second] = received as [Received, Received];
  expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
  expect(second.headers).toMatchObject({ authorization: 'Bearer mine', 'content-type': 'application/json' });
  const isGenuine = await documented();
  expect(isGenuine(second.headers, second.body, secret)).toBe(true);
  expect(isGenuine(second.headers, `${second.body} `, secret)).toBe(false);
  expect(JSON.parse(second.body)).toMatchObject({
    schema: 'nodelens.webhook/1',
    id: first.headers['webhook-id'],
    type: 'insight.produced',
    at: '2026-03-02T12:00:00.500Z',
    service: { name: 'shop', hostname: 'host', pid: 1 },
    data: { investigationId: 'a'.repeat(16), insight: { confidence: 'medium' } },
  });
  expect(second.body).not.toContain('hunter2secret');
});

test('a webhook gets the events that it asked for, and insights from its confidence on', async () => {
  const { url, received } = await receiver();
  const { offer, ends } = lab([
    { url, minConfidence: 'medium', events: ['insight.produced', 'recorder.restarted'] },
  ]);
  offer(insight({ confidence: 'low' }));
  offer({ type: 'operator.replaced', operator: 'x', atMs });
  offer(insight({ confidence: 'high' }));
  offer({ type: 'recorder.restarted', atMs });
  await ends(2);
  expect(received.map(({ body }) => JSON.parse(body).type)).toEqual([
    'insight.produced',
    'recorder.restarted',
  ]);
  expect(received[0]?.headers['webhook-signature']).toBeUndefined();
});

const incident = (severity: 'warning' | 'critical') => ({
  id: 'c'.repeat(16),
  severity,
  title: 'keep() never forgets.',
  startedAtMs: atMs,
  subjects: [],
  notificationIds: [],
  investigationIds: [],
});

test('an incident is sent from the severity on that is asked for, signed, and tried again as all else', async () => {
  const events = ['incident.opened', 'incident.updated', 'incident.closed'] as const;
  const [all, grave] = [await receiver([503]), await receiver()];
  const { offer, ends } = lab([
    { url: all.url, secret, events },
    { url: grave.url, events, minSeverity: 'critical' },
  ]);
  offer({ type: 'incident.opened', incident: incident('warning'), atMs });
  const worse = { why: 'severity', what: 'the heap is full', subjects: [] } as const;
  offer({ type: 'incident.updated', incident: incident('critical'), ...worse, atMs });
  offer({ type: 'incident.closed', incident: incident('critical'), why: 'over', lastedMs: 5, atMs });
  const told = await ends(5);
  expect(told.every(({ type }) => type === 'webhook.delivered')).toBe(true);
  const typesAt = ({ received }: typeof all): string[] => received.map(({ body }) => JSON.parse(body).type);
  // The first was refused once, and comes again last.
  expect(typesAt(all).toSorted()).toEqual([
    'incident.closed',
    'incident.opened',
    'incident.opened',
    'incident.updated',
  ]);
  expect(typesAt(grave)).toEqual(['incident.updated', 'incident.closed']);
  const isGenuine = await documented();
  expect(all.received.every(({ headers, body }) => isGenuine(headers, body, secret))).toBe(true);
  expect(JSON.parse(grave.received[0]?.body ?? '').data).toEqual({
    incident: incident('critical'),
    ...worse,
  });
});

test('nobody there, no answer in time: tried six times, and told without what is secret', async () => {
  const gone = await receiver();
  gone.server.close();
  gone.server.closeAllConnections();
  const mute = await receiver([0, 0, 0, 0, 0, 0]);
  const { offer, ends } = lab([
    { url: gone.url, secret },
    { url: mute.url, timeoutMs: 40_000 },
  ]);
  offer(insight());
  const told = await ends(2);
  const reasons = told.map((event) => event.type === 'webhook.failed' && event.error.data?.reason);
  expect(reasons.toSorted()).toEqual([
    expect.stringMatching(/ECONNREFUSED.*\(6 attempts\)/),
    'no answer within 40000 ms (6 attempts).',
  ]);
  expect(JSON.stringify(told)).not.toMatch(/token|abc|whsec/);
});

test('a redirect is not followed', async () => {
  const elsewhere = await receiver();
  const { url } = await receiver([307], { location: elsewhere.url });
  const { offer, ends } = lab([{ url }]);
  offer(insight());
  expect(await ends(1)).toMatchObject([{ type: 'webhook.failed', error: { code: 'webhook_failed' } }]);
  expect(elsewhere.received).toHaveLength(0);
});

/** No time passes; `pausing` resolves when so many messages wait for their next attempt. */
function standingClock(count: number): Clock & { readonly pausing: Promise<void> } {
  const pausing = Promise.withResolvers<void>();
  let left = count;
  return {
    ...systemClock,
    pausing: pausing.promise,
    after(ms) {
      if (ms < 5_000 && --left === 0) pausing.resolve();
      return () => undefined;
    },
  };
}

test('of more than a hundred on their way the oldest gives way', async () => {
  const { url, received } = await receiver();
  const { offer, ends } = lab([{ url }], standingClock(0));
  for (let i = 0; i < 101; i += 1) offer(insight());
  const told = await ends(101);
  expect(told.filter(({ type }) => type === 'webhook.failed')).toMatchObject([
    { error: { data: { reason: '100 newer messages wait.' } } },
  ]);
  expect(received).toHaveLength(100);
});

test('at the stop, what waits is tried once more, and what fails then is given up', async () => {
  const { url } = await receiver([503, 503, 204, 503]);
  const clock = standingClock(2);
  const { offer, close, told } = lab([{ url }], clock);
  offer(insight());
  offer(insight());
  await clock.pausing;
  await close();
  expect(told).toMatchObject([
    { type: 'webhook.delivered', attempts: 2 },
    { type: 'webhook.failed', error: { data: { reason: 'it answered 503, and Nodelens stops.' } } },
  ]);
});
