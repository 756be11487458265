// Webhooks on the recorder thread, which sends while main is blocked. Loaded only where there are any.
import { hostname } from 'node:os';
import { basename } from 'node:path';
import { systemClock } from '../actor/clock.ts';
import { randomId } from '../ids.ts';
import { webhookEvents } from '../webhook/spec.ts';
import type { HubExtension } from './hub.ts';

/** Sends the events of this process to the webhooks of the options. */
export const webhookDesk: HubExtension = (parts, hub) => {
  const { webhooks = [] } = hub.init;
  if (webhooks.length === 0) return () => undefined;
  const loaded = import('../webhook/webhooks.ts').then(({ createWebhooks }) =>
    createWebhooks({
      webhooks,
      service: { name: serviceName(parts.service), hostname: hostname(), pid: process.pid },
      emit: parts.tell,
      clock: systemClock,
      random: Math.random,
      ids: randomId,
    }),
  );
  parts.beforeReady(loaded);
  // Before they are loaded, so that nothing is missed; the order stays.
  const undo = hub.listening.listen(
    webhooks.flatMap(webhookEvents),
    (event) => void loaded.then((senders) => senders.offer(event)),
  );
  return async () => {
    const senders = await loaded.catch(() => undefined);
    await senders?.close();
    undo();
  };
};

/** @param script main's, as a path. */
const serviceName = (script: string): string => process.env.OTEL_SERVICE_NAME || basename(script) || 'node';
