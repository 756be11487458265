// The kernel's tables of TCP sockets (/proc/self/net/tcp, tcp6) and of Unix sockets, parsed. Pure. They are of the
// whole network namespace; what is ours is told by the inodes.

export type TcpState =
  | 'ESTABLISHED'
  | 'SYN_SENT'
  | 'CLOSE_WAIT'
  | 'LISTEN'
  | 'FIN_WAIT'
  | 'TIME_WAIT'
  | 'OTHER';

const STATES: { readonly [hex: string]: TcpState } = {
  '01': 'ESTABLISHED',
  '02': 'SYN_SENT',
  '04': 'FIN_WAIT',
  '05': 'FIN_WAIT',
  '06': 'TIME_WAIT',
  '08': 'CLOSE_WAIT',
  '0A': 'LISTEN',
};

export interface TcpRow {
  readonly localPort: number;
  /** `10.0.0.7` or `fe80:…`; IPv4 in IPv6 is written as IPv4. */
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly state: TcpState;
  /** Bytes that the peer has not acknowledged. */
  readonly sendQueue: number;
  /** Bytes that the process has not read; of a listener the connections that wait for accept. */
  readonly receiveQueue: number;
  readonly inode: string;
}

/** @param isWanted by inode and state: the rest is skipped without being parsed further */
export function parseTcp(
  text: string,
  isWanted: (inode: string, state: TcpState) => boolean,
): readonly TcpRow[] {
  const rows: TcpRow[] = [];
  for (const line of text.split('\n')) {
    const [, local = '', remote = '', hex = '', queues = '', , , , , inode = ''] = line.trim().split(/\s+/);
    const state = STATES[hex] ?? 'OTHER';
    if (!/^[0-9A-F]+:[0-9A-F]{4}$/.test(local) || !isWanted(inode, state)) continue;
    const [address = '', port = ''] = remote.split(':');
    const [send = '', receive = ''] = queues.split(':');
    rows.push({
      localPort: Number.parseInt(local.slice(local.indexOf(':') + 1), 16),
      remoteAddress: addressOf(address),
      remotePort: Number.parseInt(port, 16) || 0,
      state,
      sendQueue: Number.parseInt(send, 16) || 0,
      receiveQueue: Number.parseInt(receive, 16) || 0,
      inode,
    });
  }
  return rows;
}

/** Words of four bytes in the machine's order, which is little-endian wherever Node runs on Linux but on s390x. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (bytes.length === 16 && bytes.slice(0, 12).join('') === '00000000000000000000FFFF')
    return dotted(bytes.slice(12));
  return bytes.length === 4 ? dotted(bytes) : shortIpv6(bytes);
}

const dotted = (bytes: readonly string[]): string => bytes.map((byte) => Number.parseInt(byte, 16)).join('.');

function shortIpv6(bytes: readonly string[]): string {
  const groups = bytes
    .join('')
    .match(/.{4}/g)
    ?.map((group) => group.toLowerCase().replace(/^0{1,3}/, ''));
  const text = groups?.join(':') ?? '';
  const runs = [...text.matchAll(/\b0(:0)+\b/g)];
  const zeros = runs.toSorted(([one], [other]) => other.length - one.length)[0];
  if (zeros === undefined) return text;
  const [before, after] = [text.slice(0, zeros.index), text.slice(zeros.index + zeros[0].length)];
  return `${before.replace(/:$/, '')}::${after.replace(/^:/, '')}`;
}

/** Path of each bound Unix socket, by inode. */
export function parseUnix(text: string): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const line of text.split('\n').slice(1)) {
    const [, , , , , , inode = '', path] = line.trim().split(/\s+/);
    if (path !== undefined) paths.set(inode, path);
  }
  return paths;
}
