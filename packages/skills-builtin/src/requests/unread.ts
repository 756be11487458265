// How much of an answer has come and lies there, because nobody reads it. A connection is free for the next request only
// once the answer before has been read to its end.
import type { Flight } from './flights.ts';

interface Readable {
  readonly readableLength?: unknown;
}

interface Asked {
  readonly res?: Readable;
  readonly socket?: Readable;
}

/** In bytes, as streams count them; 0 where it cannot be seen. */
export function unreadBytes({ answeredAt, connection, request }: Flight): number {
  if (answeredAt === 0) return 0;
  try {
    const { res, socket } = (request?.deref() ?? {}) as Asked;
    return lengthOf(connection?.deref()) + lengthOf(res) + lengthOf(socket);
  } catch {
    // The app's own objects, whose getters may throw.
    return 0;
  }
}

const lengthOf = (stream: Readable = {}): number =>
  typeof stream?.readableLength === 'number' ? stream.readableLength : 0;
