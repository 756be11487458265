// Subscribing to diagnostics channels from inside an app: a subscriber that throws would end it, so none may.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

export interface Subscription {
  readonly channels: readonly (readonly [string, (message: unknown) => void])[];
  /** Undoes what the subscribers have left on the app's objects. */
  end(): void;
}

/** Returns the undo of all. */
export function subscribeAll(subscriptions: readonly Subscription[]): () => void {
  const subscribed = subscriptions
    .flatMap(({ channels }) => channels)
    .map(([channel, subscriber]) => [channel, guarded(subscriber)] as const);
  for (const [channel, subscriber] of subscribed) subscribe(channel, subscriber);
  return () => {
    for (const [channel, subscriber] of subscribed) unsubscribe(channel, subscriber);
    for (const { end } of subscriptions) end();
  };
}

const guarded =
  (subscriber: (message: unknown) => void) =>
  (message: unknown): void => {
    try {
      subscriber(message);
    } catch {
      // What cannot be read (an app's own getter that throws) is not told; the app must not notice.
    }
  };
