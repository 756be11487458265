// What scripts may ask of connections: the kernel's view by peer and state, and main's with bytes and openers.
import type { JsonObject, JsonValue, Skill } from '@nodelens/core';
import * as v from 'valibot';
import { listOf, textOf } from '../evidence.ts';
import { ownSockets, peerFigures } from './connections.ts';
import type { SocketOrder, SocketReader } from './main-sockets.ts';
import type { Sources } from './sources.ts';
import { parseUnix } from './tcp-table.ts';
import { located } from './watch-openings.ts';

const PEERS = 30;
const UNIX_PATHS = 20;

export const socketsCallbacks = (sources: Sources, sockets: SocketReader): Skill['callbacks'] => ({
  handles_by_peer: {
    description:
      "Connections by peer (outgoing host:port, incoming by local port), most first, as the kernel has them: sockets, closeWait (the peer has closed, the process has not), connecting, unreadBytes, unsentBytes; Unix sockets by path; and main's view by peer: bytes, bufferedBytes, inUse (HTTP), of those watched for 1 s or more idle, silent (not a byte in either direction ever) and unread (an HTTP answer lies there whose body nobody reads), openers. Asks main: about 1 us per open handle; main is null while it does not answer.",
    run: async () => {
      const told = await sockets.ask(1, 'buffered');
      return { ...kernelView(sources), main: told === undefined ? null : await mainView(told, sources) };
    },
  },
  handles_sockets: {
    description:
      'Single TCP sockets of main (at most limit, default 20), by order: "buffered" (default), "idle" or "bytes": peer, direction, localPort, bytesRead, bytesWritten, bufferedBytes, idleMs (since first looked at), isInUse, isUnread, opener. Asks main: about 1 us per open handle; null while it does not answer.',
    params: {
      limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 20),
      order: v.optional(v.picklist(['buffered', 'idle', 'bytes']), 'buffered'),
    },
    run: async (limit: number, order: SocketOrder) => {
      const told = await sockets.ask(limit, order);
      return told === undefined
        ? null
        : Promise.all(
            listOf(told.sockets).map(async (socket) => ({
              ...socket,
              opener: await located(socket.opener, sources),
            })),
          );
    },
  },
});

function kernelView({ descriptors, reader }: Sources): JsonObject {
  const found = descriptors.look();
  if (found === undefined) return { peers: null, listening: null, unix: null };
  const { connections, listeners } = ownSockets(found, reader.tcpTable());
  const paths = parseUnix(reader.unixTable());
  const unix = found.sample.flatMap(({ inode }) => paths.get(inode ?? '') ?? []);
  return {
    peers: peerFigures(connections, found.every)
      .slice(0, PEERS)
      .map((figures) => ({ ...figures })),
    listening: listeners
      .slice(0, PEERS)
      .map(({ localPort, receiveQueue }) => ({ port: localPort, waitingForAccept: receiveQueue })),
    unix: [...Map.groupBy(unix, (path) => path)]
      .slice(0, UNIX_PATHS)
      .map(([path, some]) => ({ path, sockets: some.length * found.every })),
  };
}

const mainView = (told: JsonObject, sources: Sources): Promise<readonly JsonValue[]> =>
  Promise.all(
    listOf(told.peers)
      .filter(({ peer }) => textOf(peer) !== '')
      .slice(0, PEERS)
      .map(async (peer) => ({
        ...peer,
        openers: await Promise.all(
          listOf(peer.openers).map(async (opener) => ({
            ...opener,
            frame: await located(opener.frame, sources),
          })),
        ),
      })),
  );
