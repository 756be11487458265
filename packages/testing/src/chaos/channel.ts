// The side channel of a chaos run: every thread of the service hears it, whatever Nodelens does. It keeps no thread
// alive.
import { BroadcastChannel } from 'node:worker_threads';
import { CHANNEL, type ThreadMessage } from './wire.ts';

export interface ThreadChannel {
  tell(message: ThreadMessage): void;
  listen(listener: (message: ThreadMessage) => void): void;
  close(): void;
}

export function openChannel(): ThreadChannel {
  const channel = new BroadcastChannel(CHANNEL);
  channel.unref();
  return {
    tell: (message) => channel.postMessage(message),
    listen(listener) {
      channel.onmessage = (event) => listener((event as { data: ThreadMessage }).data);
      channel.unref();
    },
    close: () => channel.close(),
  };
}
