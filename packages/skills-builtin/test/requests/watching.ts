// The probe on this thread, with a server and ways to ask it, for tests.
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject, JsonValue } from '@nodelens/core';
import { onTestFinished } from 'vitest';
import { watchRequests } from '../../src/requests/probe.ts';
import { NUMBERS, slot } from '../../src/requests/slots.ts';

export interface Watching {
  readonly events: JsonObject[];
  readonly numbers: Float64Array;
  count(which: keyof typeof slot): number;
  ask(question: JsonObject): JsonValue;
  undo(): void;
  /** Resolves when the probe has told so many events of a side, with them. */
  told(side: 'server' | 'client', count: number): Promise<readonly JsonObject[]>;
}

export function watch(): Watching {
  const numbers = new Float64Array(NUMBERS);
  const events: JsonObject[] = [];
  let answerer: (question: JsonObject) => JsonValue = () => null;
  const undo = watchRequests(
    {
      numbers,
      emit: (event) => void events.push(event),
      answer(given) {
        answerer = given;
      },
    },
    {},
  );
  onTestFinished(undo);
  return {
    events,
    numbers,
    undo,
    count: (which) => numbers[slot[which]] ?? Number.NaN,
    ask: (question) => answerer(question),
    async told(side, count) {
      for (;;) {
        const found = events.filter((event) => event.side === side);
        if (found.length >= count) return found;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

export async function serve(
  listener: RequestListener,
): Promise<{ server: Server; port: number; url: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { server, port, url: `http://127.0.0.1:${port}` };
}

export async function until(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((resolve) => setImmediate(resolve));
}
