// The kernel's tables of TCP sockets and its counters, as text. Of a listening socket `rx_queue` is the number of
// connections that wait to be accepted, of another one the bytes that nobody has read. Pure.
import { endianness } from 'node:os';

export type SocketState = 'listening' | 'open' | 'other';

export interface SocketLine {
  readonly state: SocketState;
  /** `127.0.0.1:8080`, `[::1]:8080`. */
  readonly local: string;
  readonly localPort: number;
  readonly remote: string;
  /** Bytes that the peer has not acknowledged; 0 of a listening socket. */
  readonly sendQueue: number;
  readonly receiveQueue: number;
  /** 0 until it is accepted, and after it is closed. */
  readonly inode: number;
}

/** Established, and CLOSE_WAIT: the peer has said its last, the app may not have read it. */
const OPEN: ReadonlySet<string> = new Set(['01', '08']);
const LISTENING = '0A';
const INODE_FIELD = 9;

/** Undefined for the header, and for what was cut off before its inode. */
export function parseSocket(line: string): SocketLine | undefined {
  const fields = line.trim().split(/\s+/);
  const [sl = '', local = '', remote = '', state = '', queues = ''] = fields;
  // One that ends with the inode may have lost some of its digits.
  if (!/^\d+:$/.test(sl) || fields.length <= INODE_FIELD + 1) return undefined;
  const [send = '', receive = ''] = queues.split(':');
  return {
    state: state === LISTENING ? 'listening' : OPEN.has(state) ? 'open' : 'other',
    local: addressOf(local),
    localPort: portOf(local),
    remote: addressOf(remote),
    sendQueue: Number.parseInt(send, 16),
    receiveQueue: Number.parseInt(receive, 16),
    inode: Number(fields[INODE_FIELD]),
  };
}

/** The inode alone, for most lines of a long table are of other processes; 0 where there is none. */
export const inodeOf = (line: string): number => Number(INODE.exec(line)?.[1] ?? 0);

const INODE = /^ *\d+: \S+ \S+ \S+ \S+ \S+ \S+ +\d+ +\d+ (\d+) /;

const portOf = (text: string): number => Number.parseInt(text.slice(text.indexOf(':') + 1), 16);

/** The kernel prints an address as words of four bytes, each as the machine reads it. */
function addressOf(text: string): string {
  const hex = text.slice(0, text.indexOf(':'));
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => {
    const octets = (word.match(/../g) ?? []).map((octet) => Number.parseInt(octet, 16));
    return endianness() === 'LE' ? octets.reverse() : octets;
  });
  return `${bytes.length === 4 ? bytes.join('.') : version6(bytes)}:${portOf(text)}`;
}

function version6(bytes: readonly number[]): string {
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (isMapped) return bytes.slice(12).join('.');
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  const zeros = /(?:^|:)0(?::0)+(?=:|$)/.exec(groups.join(':'));
  if (zeros === null) return `[${groups.join(':')}]`;
  const all = groups.join(':');
  return `[${all.slice(0, zeros.index)}::${all.slice(zeros.index + zeros[0].length + 1)}]`;
}

/** Counters since boot of everything in the same network namespace, not of this process alone. */
export interface ListenCounters {
  /** Connections that came while an accept queue was full. */
  readonly overflows: number;
  /** Those, and what was dropped for other reasons. */
  readonly drops: number;
}

/** Of `/proc/net/netstat`: a line of names above a line of values. */
export function parseListenCounters(text: string): ListenCounters | undefined {
  const [names, values] = text
    .split('\n')
    .filter((line) => line.startsWith('TcpExt:'))
    .map((line) => line.split(' '));
  const counter = (name: string): number => Number(values?.[names?.indexOf(name) ?? -1] ?? Number.NaN);
  const counters = { overflows: counter('ListenOverflows'), drops: counter('ListenDrops') };
  return Number.isNaN(counters.overflows + counters.drops) ? undefined : counters;
}
