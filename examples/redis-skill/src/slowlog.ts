// SLOWLOG: what held up the server, and everybody with it, for Redis does one command after the other.
import type { Redis } from 'ioredis';

export interface SlowCommand {
  readonly agoMs: number;
  readonly durationMs: number;
  readonly command: string;
  /** Never a value: it may be a secret. */
  readonly key: string | null;
  readonly client: string;
}

/** Of Redis itself: id, time in s, duration in µs, arguments, address, name of the client. */
type Entry = [id: number, atSeconds: number, micros: number, args: string[], address: string, name: string];

/** Newest first. The clock is the server's own, as the entries are. */
export async function readSlowlog(client: Redis, count: number): Promise<readonly SlowCommand[]> {
  const [entries, [seconds]] = await Promise.all([client.slowlog('GET', count), client.time()]);
  return (entries as Entry[]).map(([, atSeconds, micros, [command = '', key], address, name]) => ({
    agoMs: Math.max(0, Number(seconds) - atSeconds) * 1000,
    durationMs: Math.round(micros / 100) / 10,
    command: command.toUpperCase(),
    key: key?.slice(0, 100) ?? null,
    client: name || address,
  }));
}
