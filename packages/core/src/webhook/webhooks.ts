// Sends events to webhooks, from the recorder thread: a blocked main thread delays none. What leaves is redacted and
// capped, and what becomes of each message is told as an event of its own.
import type { Clock } from '../actor/clock.ts';
import type { Insight } from '../coordinator/insight.ts';
import { fail, toWire } from '../errors.ts';
import type { IdSource } from '../ids.ts';
import { asJson } from '../json.ts';
import { redact } from '../redact.ts';
import type { LensEventOf, ToldEvent } from '../telemetry/events.ts';
import { createDelivery, type Delivery, type DeliveryEnd } from './delivery.ts';
import type { Letter } from './letter.ts';
import { publicUrl } from './public-url.ts';
import {
  type WebhookEventType,
  type WebhookMessage,
  type WebhookOptions,
  type WebhookService,
  webhookEvents,
} from './spec.ts';

/** Longest body, in characters. */
const LONGEST_BODY = 262_144;

export type WebhookTold = LensEventOf<'webhook.delivered' | 'webhook.failed'>;

export interface WebhooksOptions {
  readonly webhooks: readonly WebhookOptions[];
  readonly service: WebhookService;
  readonly emit: (event: WebhookTold) => void;
  readonly clock: Clock;
  /** 0 to 1, for the pauses between attempts. */
  readonly random: () => number;
  readonly ids: IdSource;
}

export interface Webhooks {
  /** Sends it to those who want it. */
  offer(event: ToldEvent): void;
  /** Gives what is on its way two seconds. */
  close(): Promise<void>;
}

export function createWebhooks({ webhooks, ...parts }: WebhooksOptions): Webhooks {
  const lines = webhooks.map((webhook) => ({ webhook, delivery: createDelivery(webhook, parts) }));
  return {
    offer(event) {
      const wanted = lines.filter(({ webhook }) => isWanted(webhook, event));
      if (wanted.length === 0) return;
      const letter = write(event, parts);
      for (const line of wanted) void send(line, { letter, event: event.type }).then(parts.emit);
    },
    close: async () => void (await Promise.all(lines.map(({ delivery }) => delivery.close()))),
  };
}

const RANKS: readonly Insight['confidence'][] = ['low', 'medium', 'high'];

function isWanted(webhook: WebhookOptions, event: ToldEvent): boolean {
  if (!webhookEvents(webhook).some((type) => type === event.type)) return false;
  if ('incident' in event)
    return webhook.minSeverity !== 'critical' || event.incident.severity === 'critical';
  if (event.type !== 'insight.produced') return true;
  return RANKS.indexOf(event.insight.confidence) >= RANKS.indexOf(webhook.minConfidence ?? 'low');
}

function write(
  { type, atMs, ...data }: ToldEvent,
  { service, ids }: Pick<WebhooksOptions, 'service' | 'ids'>,
): Letter {
  const id = ids();
  const at = new Date(atMs).toISOString();
  const message: WebhookMessage = {
    schema: 'nodelens.webhook/1',
    id,
    type: type as WebhookEventType,
    at,
    service,
    data: redact(asJson(data)),
  };
  return { id, body: JSON.stringify(message) };
}

async function send(
  { webhook, delivery }: { webhook: WebhookOptions; delivery: Delivery },
  { letter, event }: { letter: Letter; event: string },
): Promise<WebhookTold> {
  const url = publicUrl(webhook.url);
  const tooLong: DeliveryEnd = {
    ok: false,
    reason: `it has ${letter.body.length} characters, more than ${LONGEST_BODY}.`,
  };
  const end = letter.body.length > LONGEST_BODY ? tooLong : await delivery.send(letter);
  if (end.ok) return { type: 'webhook.delivered', url, event, attempts: end.attempts };
  const error = toWire(fail('webhook_failed', { url, what: `"${event}"`, reason: end.reason }));
  return { type: 'webhook.failed', url, event, error };
}
