// What a timer, a socket or a TCP handle of Node's tells of itself: fields that Node does not document but that its own tools
// read too. What is missing is told as unknown.

export interface TimerLike {
  readonly _idleTimeout?: unknown;
  readonly _repeat?: unknown;
  readonly _destroyed?: unknown;
  hasRef?(): boolean;
}

/** Of a net.Socket, or of another handle that lacks most of it. */
export interface SocketLike {
  readonly bytesRead?: number;
  readonly bytesWritten?: number;
  readonly writableLength?: number;
  readonly remoteAddress?: string;
  readonly remotePort?: number;
  readonly localPort?: number;
  readonly connecting?: boolean;
  readonly server?: object | null;
  readonly spawnfile?: unknown;
  readonly pid?: number;
  readonly _httpMessage?: {
    readonly agent?: unknown;
    readonly res?: { readonly readableFlowing?: unknown; readonly readableEnded?: unknown } | null;
  } | null;
  readonly _handle?: { readonly _parent?: object; readonly fd?: unknown } | null;
}

/**
 * Whether it carries an HTTP answer whose body nobody has ever asked for: such a connection goes back to no agent, and
 * is not closed, until somebody does (`response.resume()`).
 */
export const isUnread = ({ _httpMessage }: SocketLike): boolean => {
  const answer = _httpMessage?.res;
  return answer?.readableFlowing === null && answer.readableEnded === false;
};

export interface TimerFacts {
  /** An unref'd timer keeps nothing waiting and is not counted. */
  readonly isActive: boolean;
  readonly delayMs: number | null;
  readonly isInterval: boolean;
}

export const timerFacts = (timer: TimerLike): TimerFacts => ({
  isActive: timer._destroyed === false && timer.hasRef?.() !== false,
  delayMs: typeof timer._idleTimeout === 'number' ? timer._idleTimeout : null,
  isInterval: typeof timer._repeat === 'number',
});

interface TcpLike {
  readonly fd?: unknown;
  /** Of `fs.watch` only: false from its closing on. */
  readonly initialized?: unknown;
  hasRef?(): boolean;
  getpeername?(out: { address?: string; port?: number }): number;
}

const openTcp = (handle: TcpLike): boolean => typeof handle.fd === 'number' && handle.fd >= 0;

/** Of a file watcher: whether it is waited for, which ends when it is closed. */
export const isOpenHandle = (handle: TcpLike): boolean =>
  handle.getpeername === undefined
    ? handle.initialized !== false && handle.hasRef?.() === true
    : openTcp(handle);

/** `10.0.0.7:5432`; null while it is not connected. */
export function peerOf(handle: TcpLike): string | null {
  const out: { address?: string; port?: number } = {};
  if (!openTcp(handle) || handle.getpeername?.(out) !== 0) return null;
  return peerText(out.address, out.port);
}

/** IPv4 in IPv6 is written as IPv4, as elsewhere. */
export const peerText = (address: unknown, port: unknown): string | null =>
  typeof address === 'string' ? `${address.replace(/^::ffff:(?=\d+\.)/, '')}:${port}` : null;
