// Who the connections to this process's own servers come from, looked at twice: whose become more, and on whose nothing
// has ever been said.
import type { CallContext, JsonObject, Skill } from '@nodelens/core';
import * as v from 'valibot';
import { listOf, numberOf } from '../evidence.ts';
import { pause } from '../pause.ts';
import type { SocketReader } from './main-sockets.ts';

const TOLD = 20;

export const clientsCallbacks = (sockets: SocketReader): Skill['callbacks'] => ({
  handles_clients: {
    description:
      "Incoming connections by the client's address, most first, looked at twice, seconds apart (default 3): before, after, bytesRead, bytesWritten, inUse (HTTP), and of those watched for 1 s or more idle and silent (not a byte in either direction ever). Asks main twice: about 1 us per open handle; null while it does not answer.",
    params: { seconds: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(15)), 3) },
    timeoutMs: 20_000,
    run: async (seconds: number, { signal }: CallContext) => {
      const before = await sockets.ask(1, 'buffered');
      await pause(seconds * 1_000, signal);
      const after = await sockets.ask(1, 'buffered');
      if (before === undefined || after === undefined) return null;
      const earlier = new Map(incomingIn(before).map(({ peer, sockets: count }) => [peer, count]));
      const clients = incomingIn(after).map(({ peer, sockets: count, ...figures }) => ({
        client: peer ?? null,
        before: earlier.get(peer) ?? 0,
        after: count ?? 0,
        ...figures,
      }));
      return {
        seconds,
        clients: clients.toSorted((a, b) => numberOf(b.after) - numberOf(a.after)).slice(0, TOLD),
      };
    },
  },
});

const incomingIn = (told: JsonObject): readonly JsonObject[] =>
  listOf(told.peers).flatMap(({ direction, openers: _, bufferedBytes: __, unread: ___, ...figures }) =>
    direction === 'incoming' ? [figures] : [],
  );
