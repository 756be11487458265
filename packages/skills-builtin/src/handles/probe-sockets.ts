// The sockets that main holds, those from before attaching too: by peer, with bytes, what is buffered and since when
// nothing has moved. Of many a part is read, always the same ones.
import type { JsonObject } from '@nodelens/core';
import type { AppFrame } from '../app-frame.ts';
import { sum } from '../statistics.ts';
import type { Openers } from './call-site.ts';
import { agentsOf } from './probe-agents.ts';
import { isUnread, peerText, type SocketLike } from './probe-resources.ts';
import type { Writer, WritersWatch } from './probe-writers.ts';

// Taken at load: a user's fake timers must not move it.
const clock = performance.now.bind(performance);

/** Reading one takes about 2 us. */
const MAX_READ = 256;
/** Node's high-water mark of a socket. */
const BUFFERING_BYTES = 65_536;
const MAX_PEERS = 50;
const MAX_OPENERS = 3;
/** With less that moved in less time, every socket would be idle. */
const IDLE_MS = 1_000;

interface Seen {
  readonly bytes: number;
  readonly sinceMs: number;
  readonly firstMs: number;
}

interface SocketFacts {
  /** Its descriptor. Node's own number of a handle changes when an agent uses it again. */
  readonly id: number;
  readonly peer: string;
  readonly direction: 'incoming' | 'outgoing';
  readonly localPort: number | null;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly bufferedBytes: number;
  /** Since when no byte has moved, as far as it was watched; 0 at the first look. */
  readonly idleMs: number;
  readonly watchedMs: number;
  /** An HTTP request is going on over it. */
  readonly isInUse: boolean;
  /** Over it an HTTP answer has come whose body nobody reads. */
  readonly isUnread: boolean;
  readonly opener: AppFrame | undefined;
  readonly writer: Writer | undefined;
  /** How many sockets; 0 for one that is told beside the sample, for what is buffered on it. */
  readonly standsFor: number;
}

interface Known {
  readonly openers: Openers;
  readonly seen: WeakMap<object, Seen>;
  readonly writers: WritersWatch;
}

export interface SocketQuestion {
  readonly limit: number;
  readonly order: 'buffered' | 'idle' | 'bytes';
  /** So long it is watched from now on who writes to those that are buffering; 0 ends it. */
  readonly watchWritesSeconds: number | undefined;
}

/** About 0.6 us for each handle that is open, and 2 us for each of the 256 that are read. */
export function createSocketTeller(
  openers: Openers,
  writers: WritersWatch,
): (question: SocketQuestion) => JsonObject {
  const seen = new WeakMap<object, Seen>();
  return ({ limit, order, watchWritesSeconds }) => {
    const startedAt = clock();
    const handles = activeHandles();
    const every = 2 ** Math.max(0, Math.ceil(Math.log2(handles.length / MAX_READ)));
    const sockets = handles.filter(
      (handle) => isSocket(handle) && (isSampled(handle, every) || isBuffering(handle)),
    );
    const facts = sockets
      .slice(0, 2 * MAX_READ)
      .flatMap((socket) => factsOf(socket, every, { openers, seen, writers }) ?? []);
    if (watchWritesSeconds === 0) writers.disarm();
    else if (watchWritesSeconds !== undefined) writers.arm(sockets.filter(isBuffering), watchWritesSeconds);
    return {
      every,
      peers: peersOf(facts),
      sockets: facts.toSorted(ORDERS[order]).slice(0, limit).map(toldOf),
      children: childrenOf(handles, openers),
      agents: agentsOf(sockets),
      tookMs: clock() - startedAt,
    };
  };
}

/** Node's own, undocumented; without it there is nothing to tell. */
const activeHandles = (): readonly SocketLike[] => {
  const { _getActiveHandles } = process as unknown as { _getActiveHandles?: () => readonly SocketLike[] };
  // Of a handle that is just going its owner may be gone already.
  return (_getActiveHandles?.() ?? []).filter((handle) => typeof handle === 'object' && handle !== null);
};

const isSocket = (handle: SocketLike): boolean =>
  typeof handle.bytesRead === 'number' && typeof handle.writableLength === 'number';

/** None of these is missed, however many sockets there are. */
const isBuffering = ({ writableLength = 0 }: SocketLike): boolean => writableLength >= BUFFERING_BYTES;

/** By a number that the socket keeps, so that two looks see the same sockets. */
const isSampled = (socket: SocketLike, every: number): boolean =>
  every === 1 || (Math.imul(idOf(socket), 2_654_435_761) >>> 16) % every === 0;

const idOf = ({ _handle }: SocketLike): number => (typeof _handle?.fd === 'number' ? _handle.fd : 0);

function factsOf(
  socket: SocketLike,
  every: number,
  { openers, seen, writers }: Known,
): SocketFacts | undefined {
  const peer = socket.connecting === true ? 'connecting' : peerText(socket.remoteAddress, socket.remotePort);
  // Pipes and Unix sockets have no address: stdio, and children's ends.
  if (peer === null) return undefined;
  const [bytesRead, bytesWritten] = [socket.bytesRead ?? 0, socket.bytesWritten ?? 0];
  const nowMs = clock();
  const known = seen.get(socket);
  const isMoved = known === undefined || known.bytes !== bytesRead + bytesWritten;
  const sinceMs = isMoved ? nowMs : known.sinceMs;
  const firstMs = known?.firstMs ?? nowMs;
  seen.set(socket, { bytes: bytesRead + bytesWritten, sinceMs, firstMs });
  const isIncoming = typeof socket.server === 'object' && socket.server !== null;
  return {
    id: idOf(socket),
    peer: isIncoming ? peer.slice(0, peer.lastIndexOf(':')) : peer,
    direction: isIncoming ? 'incoming' : 'outgoing',
    localPort: socket.localPort ?? null,
    bytesRead,
    bytesWritten,
    bufferedBytes: socket.writableLength ?? 0,
    idleMs: Math.round(nowMs - sinceMs),
    watchedMs: Math.round(nowMs - firstMs),
    isInUse: socket._httpMessage !== null && socket._httpMessage !== undefined,
    isUnread: isUnread(socket),
    opener: openerOf(socket, openers),
    writer: writers.of(socket),
    standsFor: isSampled(socket, every) ? every : 0,
  };
}

const openerOf = (socket: SocketLike, openers: Openers): AppFrame | undefined =>
  [socket, socket._handle, socket._handle?._parent]
    .map((key) => (key === undefined || key === null ? undefined : openers.get(key)))
    .find((frame) => frame !== undefined);

const ORDERS: { readonly [order in SocketQuestion['order']]: (a: SocketFacts, b: SocketFacts) => number } = {
  buffered: (a, b) => b.bufferedBytes - a.bufferedBytes,
  idle: (a, b) => b.idleMs - a.idleMs,
  bytes: (a, b) => b.bytesRead + b.bytesWritten - a.bytesRead - a.bytesWritten,
};

const toldOf = ({ opener, writer, standsFor: _, ...facts }: SocketFacts): JsonObject => ({
  ...facts,
  opener: opener === undefined ? null : { ...opener },
  ...(writer !== undefined && { writer: { ...writer.frame }, writes: writer.writes }),
});

function peersOf(facts: readonly SocketFacts[]): readonly JsonObject[] {
  const groups = Map.groupBy(facts, ({ direction, peer }) => `${direction} ${peer}`);
  return [...groups.values()]
    .sort((a, b) => buffered(b) - buffered(a) || b.length - a.length)
    .slice(0, MAX_PEERS)
    .map((some) => {
      const watched = some.filter(({ watchedMs }) => watchedMs >= IDLE_MS);
      return {
        peer: some[0]?.peer,
        direction: some[0]?.direction,
        sockets: count(some),
        bytesRead: scaled(some, 'bytesRead'),
        bytesWritten: scaled(some, 'bytesWritten'),
        bufferedBytes: buffered(some),
        inUse: count(some.filter(({ isInUse }) => isInUse)),
        watched: watched.length,
        idle: watched.filter(({ idleMs, isInUse }) => idleMs >= IDLE_MS && !isInUse).length,
        silent: watched.filter(({ bytesRead, bytesWritten }) => bytesRead + bytesWritten === 0).length,
        unread: watched.filter(({ idleMs, isUnread }) => idleMs >= IDLE_MS && isUnread).length,
        openers: openersOf(some),
      } as JsonObject;
    });
}

const count = (facts: readonly SocketFacts[]): number => sum(facts.map(({ standsFor }) => standsFor));
const scaled = (facts: readonly SocketFacts[], of: 'bytesRead' | 'bytesWritten'): number =>
  sum(facts.map((one) => one.standsFor * one[of]));
const buffered = (facts: readonly SocketFacts[]): number =>
  sum(facts.map(({ bufferedBytes }) => bufferedBytes));

function openersOf(facts: readonly SocketFacts[]): readonly JsonObject[] {
  const known = facts.filter(({ opener }) => opener !== undefined);
  const groups = Map.groupBy(known, ({ opener }) => `${opener?.name} ${opener?.file}:${opener?.line}`);
  return [...groups.values()]
    .sort((a, b) => b.length - a.length)
    .slice(0, MAX_OPENERS)
    .map((some) => ({ frame: { ...some[0]?.opener }, sockets: count(some) }) as JsonObject);
}

const MAX_CHILDREN = 20;

const childrenOf = (handles: readonly SocketLike[], openers: Openers): readonly JsonObject[] =>
  handles
    .filter(({ spawnfile, pid }) => typeof spawnfile === 'string' && typeof pid === 'number')
    .slice(0, MAX_CHILDREN)
    .map((child) => {
      const opener = openers.get(child);
      return {
        pid: child.pid ?? null,
        command: String(child.spawnfile).slice(0, 100),
        opener: opener === undefined ? null : { ...opener },
      };
    });
