// The messages for one webhook on their way: one attempt at a time, several messages waiting for their next one. Bounded:
// the oldest gives way. Every message ends in one word, delivered or failed.
import type { Clock } from '../actor/clock.ts';
import { within } from '../actor/within.ts';
import { reasonOf } from '../errors.ts';
import type { Letter } from './letter.ts';
import { post } from './post.ts';
import type { WebhookOptions } from './spec.ts';
import { judge, type Verdict } from './verdict.ts';

/** Messages on their way to one webhook. */
const CAPACITY = 100;
/** What is on its way at the stop gets so long, in ms. */
const STOP_MS = 2_000;

export type DeliveryEnd =
  | { readonly ok: true; readonly attempts: number }
  | { readonly ok: false; readonly reason: string };

export interface DeliveryParts {
  readonly clock: Clock;
  readonly random: () => number;
}

export interface Delivery {
  /** Never rejects. */
  send(letter: Letter): Promise<DeliveryEnd>;
  /** What waits for its next attempt has it now; what is left after two seconds failed. */
  close(): Promise<void>;
}

export function createDelivery(webhook: WebhookOptions, { clock, random }: DeliveryParts): Delivery {
  const underWay = new Map<AbortController, Promise<DeliveryEnd>>();
  const closing = Promise.withResolvers<void>();
  let isClosing = false;
  let lastAttempt: Promise<unknown> = Promise.resolve();

  const attempt = (letter: Letter, count: number, signal: AbortSignal): Promise<Verdict> => {
    const tried = lastAttempt.then(async () => {
      signal.throwIfAborted();
      const outcome = await post(webhook, letter, { clock, signal });
      if (outcome.kind === 'unreachable') signal.throwIfAborted();
      return judge(outcome, count, { atMs: clock.now(), random: random() });
    });
    lastAttempt = tried.catch(() => undefined);
    return tried;
  };
  const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const disarm = clock.after(ms, resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
    await Promise.race([promise, closing.promise]).finally(disarm);
  };
  const deliver = async (letter: Letter, signal: AbortSignal): Promise<DeliveryEnd> => {
    for (let attempts = 1; ; attempts += 1) {
      const verdict = await attempt(letter, attempts, signal);
      if (verdict.kind === 'delivered') return { ok: true, attempts };
      if (verdict.kind === 'failed') return { ok: false, reason: verdict.reason };
      if (isClosing) return { ok: false, reason: `${verdict.reason}, and Nodelens stops.` };
      await pause(verdict.afterMs, signal);
    }
  };
  return {
    send(letter) {
      const [oldest] = underWay.size < CAPACITY ? [] : underWay.keys();
      oldest?.abort(new Error(`${CAPACITY} newer messages wait.`));
      if (oldest !== undefined) underWay.delete(oldest);
      const controller = new AbortController();
      const end = deliver(letter, controller.signal)
        .catch((error: unknown): DeliveryEnd => ({ ok: false, reason: reasonOf(error) }))
        .finally(() => underWay.delete(controller));
      underWay.set(controller, end);
      return end;
    },
    async close() {
      isClosing = true;
      closing.resolve();
      await within(STOP_MS, Promise.allSettled(underWay.values()));
      for (const controller of underWay.keys()) controller.abort(new Error('Nodelens stops.'));
      await Promise.allSettled(underWay.values());
    },
  };
}
