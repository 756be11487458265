// The headers by which a receiver knows who sent a message, when, and that it is whole: Standard Webhooks 1.0.
import { Webhook } from 'standardwebhooks';
import type { Letter } from './letter.ts';

/**
 * @param secret `whsec_…`; undefined leaves the signature out.
 * @param atMs of this attempt, wall-clock ms: receivers refuse what is old.
 */
export function signatureHeaders(
  { id, body }: Letter,
  secret: string | undefined,
  atMs: number,
): Readonly<Record<string, string>> {
  const at = new Date(atMs);
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(Math.floor(atMs / 1_000)) };
  if (secret === undefined) return headers;
  return { ...headers, 'webhook-signature': new Webhook(secret).sign(id, at, body) };
}
