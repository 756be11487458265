// One attempt to hand a message to a webhook. Never throws; what is waited for ends with the signal.
import type { Clock } from '../actor/clock.ts';
import { reasonOf } from '../errors.ts';
import type { Letter } from './letter.ts';
import { signatureHeaders } from './signature.ts';
import type { WebhookOptions } from './spec.ts';
import type { Outcome } from './verdict.ts';

const DEFAULT_TIMEOUT_MS = 10_000;

export interface PostOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export async function post(
  { url, secret, headers: own = {}, timeoutMs = DEFAULT_TIMEOUT_MS }: WebhookOptions,
  letter: Letter,
  { clock, signal }: PostOptions,
): Promise<Outcome> {
  const late = new AbortController();
  const disarm = clock.after(timeoutMs, () => late.abort());
  const headers = new Headers({ 'user-agent': 'nodelens', ...own });
  headers.set('content-type', 'application/json');
  for (const [name, value] of Object.entries(signatureHeaders(letter, secret, clock.now())))
    headers.set(name, value);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: letter.body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, late.signal]),
    });
    // Unread, it would hold its connection.
    await response.body?.cancel();
    const retryAfter = response.headers.get('retry-after');
    return { kind: 'answered', status: response.status, ...(retryAfter !== null && { retryAfter }) };
  } catch (error) {
    const reason = late.signal.aborted ? `no answer within ${timeoutMs} ms` : causeOf(error);
    return { kind: 'unreachable', reason };
  } finally {
    disarm();
  }
}

/** fetch says "fetch failed"; its cause says what did. */
const causeOf = (error: unknown): string =>
  error instanceof Error && error.cause !== undefined ? causeOf(error.cause) : reasonOf(error);
