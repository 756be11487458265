// What becomes of Nodelens' own parts, from the channels on which it publishes that on main.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { JsonObject, ProbePort } from '@nodelens/core';
import { boundedMessage, boundedName } from './bounds.ts';

const now = Date.now;
const FACTS = ['operator.started', 'operator.failed', 'operator.restarted', 'recorder.restarted'] as const;

/** Returns the undo. */
export function watchOwnEvents(port: ProbePort): () => void {
  const listen = (event: unknown): void => {
    try {
      port.emit({ kind: 'nodelens', ...factsOf(event as Own), atMs: now() });
    } catch {
      // Of an event that is not as expected there is nothing to tell.
    }
  };
  const channels = FACTS.map((type) => `nodelens:${type.replace('.', ':')}`);
  for (const channel of channels) subscribe(channel, listen);
  return () => {
    for (const channel of channels) unsubscribe(channel, listen);
  };
}

interface Own {
  readonly type?: unknown;
  readonly operator?: unknown;
  readonly message?: unknown;
}

const factsOf = ({ type, operator, message }: Own): JsonObject => ({
  what: boundedName(type) ?? 'unknown',
  name: boundedName(operator) ?? 'recorder',
  errorMessage: boundedMessage(message),
});
