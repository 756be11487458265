// Writes that wait in main's memory because a peer does not read: two looks, so that a large answer on its way is told
// apart from what piles up.
import type { CallContext, JsonObject, Skill } from '@nodelens/core';
import * as v from 'valibot';
import { listOf, numberOf } from '../evidence.ts';
import { pause } from '../pause.ts';
import type { SocketReader } from './main-sockets.ts';
import type { Sources } from './sources.ts';
import { located } from './watch-openings.ts';

/** Node's high-water mark of a socket: what is below waits for no reason. */
const LEAST_BYTES = 65_536;
const LOOKED_AT = 50;
const TOLD = 20;
/** The second look ends the watching of writes; the deadline stands in for a recorder that has died. */
const BEYOND_SECONDS = 2;

export const backlogCallbacks = (sources: Sources, sockets: SocketReader): Skill['callbacks'] => ({
  handles_backlog: {
    description:
      "Sockets with 64 KB or more of writes buffered in main's memory, most first, looked at twice, seconds apart (default 3): peer, direction, localPort, bufferedBytes, grownBytes (negative: it drains), sentBytes meanwhile, opener; writes meanwhile and by whom (writer; null where nobody wrote or the stack told nobody). Asks main twice: about 1 us per open handle; null while it does not answer.",
    params: { seconds: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(15)), 3) },
    timeoutMs: 20_000,
    run: async (seconds: number, { signal }: CallContext) => {
      const before = await sockets.ask(LOOKED_AT, 'buffered', seconds + BEYOND_SECONDS);
      await pause(seconds * 1_000, signal);
      const after = await sockets.ask(LOOKED_AT, 'buffered', 0);
      if (before === undefined || after === undefined) return null;
      const earlier = new Map(listOf(before.sockets).map((socket) => [keyOf(socket), socket]));
      const waiting = listOf(after.sockets).filter(
        ({ bufferedBytes }) => numberOf(bufferedBytes) >= LEAST_BYTES,
      );
      return Promise.all(
        waiting.slice(0, TOLD).map((socket) => compared(socket, earlier.get(keyOf(socket)), sources)),
      );
    },
  },
});

/** A descriptor may have been given to another connection meanwhile. */
const keyOf = ({ id, peer, localPort }: JsonObject): string => `${id} ${peer} ${localPort}`;

async function compared(
  socket: JsonObject,
  before: JsonObject | undefined,
  sources: Sources,
): Promise<JsonObject> {
  const bufferedBytes = numberOf(socket.bufferedBytes);
  const grownBytes = bufferedBytes - numberOf(before?.bufferedBytes);
  const { peer, direction, localPort } = socket;
  return {
    peer,
    direction,
    localPort,
    bufferedBytes,
    grownBytes,
    // Node counts what is buffered as written.
    sentBytes: numberOf(socket.bytesWritten) - numberOf(before?.bytesWritten) - grownBytes,
    opener: await located(socket.opener, sources),
    writes: numberOf(socket.writes),
    writer: await located(socket.writer, sources),
  } as JsonObject;
}
