// Webhooks as data: who is told of which events, and how.
import type { Insight } from '../coordinator/insight.ts';
import type { LensEventType } from '../telemetry/events.ts';
import type { Incident } from '../telemetry/incident-events.ts';

/** What can be sent: all events but those of the webhooks themselves. */
export type WebhookEventType = Exclude<LensEventType, `webhook.${string}`>;

export interface WebhookOptions {
  /** http or https. Redirects are not followed. */
  readonly url: string;
  /** Default: `insight.produced`. */
  readonly events?: readonly WebhookEventType[];
  /**
   * Signs each message as Standard Webhooks does (https://www.standardwebhooks.com): `whsec_` and 24 to 64 bytes in
   * base64. Default: not signed.
   */
  readonly secret?: string | undefined;
  /** Only insights of this confidence and above; other events are not touched by it. Default `low`. */
  readonly minConfidence?: Insight['confidence'];
  /** Only incidents of this severity and above, from when they have it; other events are not touched by it. Default `warning`. */
  readonly minSeverity?: Incident['severity'];
  /** Beside our own, e.g. an authorization. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long one attempt may take, in ms. Default 10,000. */
  readonly timeoutMs?: number;
}

export const webhookEvents = ({
  events = ['insight.produced'],
}: WebhookOptions): readonly WebhookEventType[] => events;

/** Who sends, as told in each message. */
export interface WebhookService {
  /** OTEL_SERVICE_NAME, else the file name of the process's script. */
  readonly name: string;
  readonly hostname: string;
  readonly pid: number;
}

/** The body of each message, as JSON. */
export interface WebhookMessage {
  readonly schema: 'nodelens.webhook/1';
  /** The same at each attempt, so that a receiver can tell a repetition. */
  readonly id: string;
  readonly type: WebhookEventType;
  /** When it happened, ISO-8601 UTC. */
  readonly at: string;
  readonly service: WebhookService;
  /** The event's payload, without secrets. */
  readonly data: unknown;
}
