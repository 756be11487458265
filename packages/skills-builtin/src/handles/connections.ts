// Which of the kernel's TCP sockets are this process's, who their peers are, and in what state. Pure.
import type { Descriptors } from './proc-reader.ts';
import { parseTcp, type TcpRow } from './tcp-table.ts';

export interface Connection {
  readonly direction: 'incoming' | 'outgoing';
  /** `10.0.0.7:5432`; of an incoming one `:8080`, the port that it came in by. */
  readonly peer: string;
  readonly remoteAddress: string;
  readonly row: TcpRow;
}

export interface OwnSockets {
  readonly connections: readonly Connection[];
  readonly listeners: readonly TcpRow[];
}

export function ownSockets({ sample }: Descriptors, table: string): OwnSockets {
  const own = new Set(sample.flatMap(({ inode }) => (inode === undefined ? [] : [inode])));
  // Also listeners of others: a cluster's worker has connections by a port that its primary listens on.
  const rows = parseTcp(table, (inode, state) => state === 'LISTEN' || own.has(inode));
  const listening = rows.filter(({ state }) => state === 'LISTEN');
  const ports = new Set(listening.map(({ localPort }) => localPort));
  const mine = rows.filter(({ inode, state }) => own.has(inode) && state !== 'LISTEN');
  return {
    connections: mine.map((row) => connectionOf(row, ports.has(row.localPort))),
    listeners: listening.filter(({ inode }) => own.has(inode)),
  };
}

const connectionOf = (row: TcpRow, isIncoming: boolean): Connection => ({
  direction: isIncoming ? 'incoming' : 'outgoing',
  peer: isIncoming ? `:${row.localPort}` : `${row.remoteAddress}:${row.remotePort}`,
  remoteAddress: row.remoteAddress,
  row,
});

export interface PeerFigures {
  readonly peer: string;
  readonly direction: 'incoming' | 'outgoing';
  readonly sockets: number;
  readonly closeWait: number;
  readonly connecting: number;
  readonly unreadBytes: number;
  readonly unsentBytes: number;
}

/** @param every each connection stands for so many; most sockets first */
export function peerFigures(connections: readonly Connection[], every: number): readonly PeerFigures[] {
  const groups = Map.groupBy(connections, ({ direction, peer }) => `${direction} ${peer}`);
  const figures = [...groups.values()].map((some): PeerFigures => {
    const [{ peer, direction }] = some as [Connection];
    const count = (state: string): number => every * some.filter(({ row }) => row.state === state).length;
    const total = (queue: 'sendQueue' | 'receiveQueue'): number =>
      every * some.reduce((bytes, { row }) => bytes + row[queue], 0);
    return {
      peer,
      direction,
      sockets: every * some.length,
      closeWait: count('CLOSE_WAIT'),
      connecting: count('SYN_SENT'),
      unreadBytes: total('receiveQueue'),
      unsentBytes: total('sendQueue'),
    };
  });
  return figures.sort((a, b) => b.sockets - a.sockets);
}
