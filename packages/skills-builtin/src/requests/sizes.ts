// How much a request moved, from the counters of its connection: so chunked bodies count too, and no header is read for
// every request. What is counted holds headers and chunk frames as well, a few kB.
import type { Flight } from './flights.ts';

/** Of one direction. nginx takes no request body above it unless told to (client_max_body_size, default 1m). */
export const LARGE_BYTES = 1_048_576;
/** libuv reads so much at once: when the headers are known, up to that of the body has come with them. */
const FIRST_READ_BYTES = 65_536;

/** A socket as far as its counters matter; another stream that was given to the server as a connection has none. */
export interface Counters {
  readonly bytesRead?: number;
  /** Unlike bytesWritten it makes no copy of what waits. */
  readonly _bytesDispatched?: number;
}

export const readBy = ({ bytesRead = 0 }: Counters): number => bytesRead;
export const writtenBy = ({ _bytesDispatched = 0 }: Counters): number => _bytesDispatched;

/** A body of GET has no meaning (RFC 9110, 9.3.1): the counter, 30 ns of native code, is not read for it. */
export const mayHaveBody = (method: string): boolean => method !== 'GET' && method !== 'HEAD';

interface Sent {
  readonly _contentLength?: number | null;
  readonly _hasBody?: boolean;
}

/** What a response that was sent whole had to say of its own size; undefined where its end was not known before. */
export function knownLength({ _contentLength, _hasBody }: Sent): number | undefined {
  if (_hasBody === false) return 0;
  return typeof _contentLength === 'number' && _contentLength < LARGE_BYTES ? _contentLength : undefined;
}

export const isLarge = ({ requestBytes, responseBytes }: Flight): boolean =>
  requestBytes >= LARGE_BYTES || responseBytes >= LARGE_BYTES;

/** What has come of it since its headers were known, until the next one on the same connection began. */
export function receivedOf({ readFrom, readTo }: Flight, socket: Counters): number {
  return readFrom < 0 ? 0 : (readTo || readBy(socket)) - readFrom;
}

interface Received {
  readonly complete?: boolean;
  readonly headers?: { readonly 'content-length'?: unknown };
}

/** Where its size matters, the one that it declares itself, if it came whole: the first read is in that too. */
export function exactlyReceived(counted: number, request: Received): number {
  if (counted < LARGE_BYTES - FIRST_READ_BYTES || request.complete !== true) return counted;
  try {
    return declared(request.headers?.['content-length']) ?? counted;
  } catch {
    // The app has put something of its own in place of the headers.
    return counted;
  }
}

/** What a header `content-length` says. */
export function declared(contentLength: unknown): number | undefined {
  const bytes = typeof contentLength === 'string' ? Number.parseInt(contentLength, 10) : contentLength;
  return typeof bytes === 'number' && bytes >= 0 ? bytes : undefined;
}
