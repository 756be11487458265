// One reading of the process's descriptors, in figures that are kept for an hour.
import { max } from '../statistics.ts';
import type { Ages } from './ages.ts';
import { type Connection, ownSockets } from './connections.ts';
import { countPatterns, FD_KINDS, type FdKind } from './descriptors.ts';
import type { Descriptors, ProcReader } from './proc-reader.ts';

export interface Reading {
  readonly atMs: number;
  readonly open: number;
  /** Above 1 the figures are estimates: one of so many was looked at. */
  readonly every: number;
  readonly kinds: { readonly [kind in FdKind]: number };
  readonly deletedFiles: number;
  /** Open files by pattern of their path, most first. */
  readonly files: ReadonlyMap<string, number>;
  /** Outgoing TCP connections by peer, most first. */
  readonly outgoing: ReadonlyMap<string, number>;
  readonly incoming: number;
  readonly listening: number;
  readonly closeWait: number;
  /** Those that have been so for 10 s. */
  readonly closeWaitStuck: number;
  /** Where most of the stuck ones go to or came in by. */
  readonly closeWaitPeer: string | null;
  /** How long the oldest has been seen, in ms. */
  readonly oldestFileMs: number;
  readonly oldestConnectionMs: number;
}

/** A program that closes as soon as it knows does so within a turn of the loop. */
export const STUCK_MS = 10_000;
const KEPT_GROUPS = 40;

export interface ReadingParts {
  readonly reader: ProcReader;
  readonly descriptors: Descriptors;
  readonly ages: Ages;
  readonly atMs: number;
}

export function takeReading({ reader, descriptors, ages, atMs }: ReadingParts): Reading {
  const { sample, every, open } = descriptors;
  const ofKind = (kind: FdKind) => sample.filter((one) => one.kind === kind);
  const files = ofKind('file');
  const sockets = ofKind('socket');
  const { connections, listeners } =
    sockets.length === 0 ? { connections: [], listeners: [] } : ownSockets(descriptors, reader.tcpTable());
  ages.see(atMs, sample, connections);
  const connected = new Set(connections.map(({ row }) => row.inode));
  const closing = connections.filter(({ row }) => row.state === 'CLOSE_WAIT');
  const stuck = closing.filter(({ row }) => ages.closeWaitMs(row.inode, atMs) >= STUCK_MS);
  const outgoing = connections.filter(({ direction }) => direction === 'outgoing');
  return {
    atMs,
    open,
    every,
    kinds: Object.fromEntries(
      FD_KINDS.map((kind) => [kind, ofKind(kind).length * every]),
    ) as Reading['kinds'],
    deletedFiles: files.filter(({ isDeleted }) => isDeleted).length * every,
    files: bounded(countPatterns(files.map(({ target }) => target)), every),
    outgoing: bounded(peersOf(outgoing), every),
    incoming: (connections.length - outgoing.length) * every,
    listening: listeners.length * every,
    closeWait: closing.length * every,
    closeWaitStuck: stuck.length * every,
    closeWaitPeer: [...peersOf(stuck).keys()][0] ?? null,
    oldestFileMs: max(files.map((file) => ages.descriptorMs(file, atMs))),
    oldestConnectionMs: max(
      sockets
        .filter(({ inode }) => inode !== undefined && connected.has(inode))
        .map((socket) => ages.descriptorMs(socket, atMs)),
    ),
  };
}

const bounded = (counts: ReadonlyMap<string, number>, every: number): ReadonlyMap<string, number> =>
  new Map([...counts].slice(0, KEPT_GROUPS).map(([key, count]) => [key, count * every]));

function peersOf(connections: readonly Connection[]): ReadonlyMap<string, number> {
  const groups = Map.groupBy(connections, ({ peer }) => peer);
  return new Map([...groups].map(([peer, some]) => [peer, some.length] as const).sort((a, b) => b[1] - a[1]));
}
