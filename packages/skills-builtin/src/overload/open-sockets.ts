// What waits in the open sockets of this process: bytes that main has not read, and bytes that a peer has not taken.
// The table may hold every socket of the machine, so it is read in blocks with a turn of the loop between them.
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { readOwnInodes } from './own-inodes.ts';
import { inodeOf, parseSocket, type SocketLine } from './proc-net.ts';

export interface PeerSockets {
  /** Of the client, without its port, or of the service that this process calls, with it. */
  readonly peer: string;
  readonly direction: 'in' | 'out';
  readonly sockets: number;
  readonly unreadBytes: number;
  readonly unsentBytes: number;
}

export interface OpenSockets {
  readonly atMs: number;
  readonly sockets: number;
  readonly unreadBytes: number;
  readonly socketsWithUnread: number;
  readonly unsentBytes: number;
  readonly socketsWithUnsent: number;
  /** Most bytes first, at most 20. */
  readonly peers: readonly PeerSockets[];
  /** Not the whole table, or not all descriptors, were looked at. */
  readonly isPartial: boolean;
  /** Time that the reading took of the recorder's thread. */
  readonly costMs: number;
}

const TABLES = ['proc/self/net/tcp', 'proc/self/net/tcp6'] as const;
const BLOCK = 65_536;
/** Of each table: 55,000 sockets. */
const MAX_BYTES = 8 * 1_048_576;
const MAX_PEERS = 20;
const MAX_COUNTED_PEERS = 1_000;

/** @param ports on which this process listens; undefined where the kernel has no such table */
export async function readOpenSockets(
  root: string,
  ports: ReadonlySet<number>,
): Promise<OpenSockets | undefined> {
  const startedAt = performance.now();
  const own = readOwnInodes(root);
  if (own === undefined) return undefined;
  let costMs = performance.now() - startedAt;
  const total = createTotal(ports, own.inodes);
  let isPartial = own.isPartial;
  for (const table of TABLES) {
    const blocks = blocksOf(join(root, table));
    let read = 0;
    for (;;) {
      const from = performance.now();
      const { value: block, done } = blocks.next();
      if (done) break;
      for (const line of block.lines) total.add(line);
      costMs += performance.now() - from;
      read += block.bytes;
      if (read >= MAX_BYTES) {
        isPartial = true;
        blocks.return();
        break;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return { atMs: Date.now(), ...total.result(), isPartial, costMs };
}

interface Block {
  readonly lines: readonly string[];
  /** The kernel gives a page at a time, however much it is asked for. */
  readonly bytes: number;
}

/** Nothing where there is no such file. */
function* blocksOf(path: string): Generator<Block, void> {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return;
  }
  try {
    const buffer = Buffer.allocUnsafe(BLOCK);
    let rest = '';
    for (;;) {
      const read = readSync(fd, buffer, 0, BLOCK, null);
      if (read === 0) return;
      const lines = (rest + buffer.toString('latin1', 0, read)).split('\n');
      rest = lines.pop() ?? '';
      yield { lines, bytes: read };
    }
  } finally {
    closeSync(fd);
  }
}

interface Total {
  add(line: string): void;
  result(): Omit<OpenSockets, 'atMs' | 'isPartial' | 'costMs'>;
}

function createTotal(ports: ReadonlySet<number>, inodes: ReadonlySet<number>): Total {
  const sums = { sockets: 0, unreadBytes: 0, socketsWithUnread: 0, unsentBytes: 0, socketsWithUnsent: 0 };
  const peers = new Map<string, { -readonly [key in keyof PeerSockets]: PeerSockets[key] }>();
  const count = (line: SocketLine, direction: 'in' | 'out'): void => {
    const peer = direction === 'in' ? line.remote.slice(0, line.remote.lastIndexOf(':')) : line.remote;
    const key = `${direction} ${peer}`;
    const known = peers.get(key) ?? { peer, direction, sockets: 0, unreadBytes: 0, unsentBytes: 0 };
    known.sockets += 1;
    known.unreadBytes += line.receiveQueue;
    known.unsentBytes += line.sendQueue;
    if (peers.size < MAX_COUNTED_PEERS) peers.set(key, known);
  };
  return {
    add(text) {
      const line = inodes.has(inodeOf(text)) ? parseSocket(text) : undefined;
      if (line?.state !== 'open') return;
      sums.sockets += 1;
      sums.unreadBytes += line.receiveQueue;
      sums.unsentBytes += line.sendQueue;
      if (line.receiveQueue > 0) sums.socketsWithUnread += 1;
      if (line.sendQueue > 0) sums.socketsWithUnsent += 1;
      count(line, ports.has(line.localPort) ? 'in' : 'out');
    },
    result: () => ({
      ...sums,
      peers: [...peers.values()]
        .sort(
          (a, b) => b.unreadBytes + b.unsentBytes - a.unreadBytes - a.unsentBytes || b.sockets - a.sockets,
        )
        .slice(0, MAX_PEERS),
    }),
  };
}
