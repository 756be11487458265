// One reading of the process's descriptors, and one of its connections, in figures that are kept for an hour.
import { max } from '../statistics.ts';
import type { Ages } from './ages.ts';
import { type Connection, ownSockets } from './connections.ts';
import { countPatterns, FD_KINDS, type FdKind } from './descriptors.ts';
import type { Descriptors } from './proc-reader.ts';

export interface Reading {
  readonly atMs: number;
  readonly open: number;
  /** Above 1 the figures are estimates: one of so many was looked at. */
  readonly every: number;
  readonly kinds: { readonly [kind in FdKind]: number };
  readonly deletedFiles: number;
  /** Open files by pattern of their path, most first. */
  readonly files: ReadonlyMap<string, number>;
  /** How long the oldest has been seen, in ms. */
  readonly oldestFileMs: number;
}

export interface ConnectionReading {
  readonly atMs: number;
  /** Outgoing TCP connections by peer, most first. */
  readonly outgoing: ReadonlyMap<string, number>;
  readonly outgoingCount: number;
  readonly incoming: number;
  /** By the address that they come from, most first. */
  readonly clients: ReadonlyMap<string, number>;
  readonly listening: number;
  readonly closeWait: number;
  /** Those that have been so for 10 s. */
  readonly closeWaitStuck: number;
  /** Where most of the stuck ones go to or came in by. */
  readonly closeWaitPeer: string | null;
  readonly oldestConnectionMs: number;
}

/** A program that closes as soon as it knows does so within a turn of the loop. */
const STUCK_MS = 10_000;
const KEPT_GROUPS = 40;

export function readingOf({ sample, every, open }: Descriptors, ages: Ages, atMs: number): Reading {
  const files = sample.filter(({ kind }) => kind === 'file');
  const counts = FD_KINDS.map((kind) => [kind, every * sample.filter((one) => one.kind === kind).length]);
  ages.seeDescriptors(atMs, sample);
  return {
    atMs,
    open,
    every,
    kinds: Object.fromEntries(counts) as Reading['kinds'],
    deletedFiles: every * files.filter(({ isDeleted }) => isDeleted).length,
    files: bounded(countPatterns(files.map(({ target }) => target)), every),
    oldestFileMs: max(files.map((file) => ages.descriptorMs(file, atMs))),
  };
}

interface ConnectionParts {
  readonly descriptors: Descriptors;
  readonly table: string;
  readonly ages: Ages;
  readonly atMs: number;
}

export function connectionReading({ descriptors, table, ages, atMs }: ConnectionParts): ConnectionReading {
  const { sample, every } = descriptors;
  const { connections, listeners } = ownSockets(descriptors, table);
  ages.seeConnections(atMs, connections);
  const connected = new Set(connections.map(({ row }) => row.inode));
  const closing = connections.filter(({ row }) => row.state === 'CLOSE_WAIT');
  const stuck = closing.filter(({ row }) => ages.closeWaitMs(row.inode, atMs) >= STUCK_MS);
  const outgoing = connections.filter(({ direction }) => direction === 'outgoing');
  const incoming = connections.filter(({ direction }) => direction === 'incoming');
  const own = sample.filter(({ inode }) => inode !== undefined && connected.has(inode));
  return {
    atMs,
    outgoing: bounded(counted(outgoing, peerOf), every),
    outgoingCount: every * outgoing.length,
    incoming: every * incoming.length,
    clients: bounded(
      counted(incoming, ({ remoteAddress }) => remoteAddress),
      every,
    ),
    listening: every * listeners.length,
    closeWait: every * closing.length,
    closeWaitStuck: every * stuck.length,
    closeWaitPeer: [...counted(stuck, peerOf).keys()][0] ?? null,
    oldestConnectionMs: max(own.map((socket) => ages.descriptorMs(socket, atMs))),
  };
}

const bounded = (counts: ReadonlyMap<string, number>, every: number): ReadonlyMap<string, number> =>
  new Map([...counts].slice(0, KEPT_GROUPS).map(([key, count]) => [key, count * every]));

const peerOf = ({ peer }: Connection): string => peer;

function counted(
  connections: readonly Connection[],
  nameOf: (connection: Connection) => string,
): ReadonlyMap<string, number> {
  const groups = [...Map.groupBy(connections, nameOf)];
  return new Map(groups.map(([name, some]) => [name, some.length] as const).sort((a, b) => b[1] - a[1]));
}
