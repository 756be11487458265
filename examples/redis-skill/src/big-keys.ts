// The biggest keys, by SCAN: a hundred at a time, so that the server does others' commands in between.
import type { Redis } from 'ioredis';

const PAGE = 100;
const TOLD = 10;

export interface BigKey {
  readonly key: string;
  readonly type: string;
  readonly kb: number;
}

/** Looks at `limit` keys at most; stops when `signal` says so. */
export async function findBigKeys(
  client: Redis,
  limit: number,
  signal: AbortSignal,
): Promise<{ scanned: number; complete: boolean; keys: readonly BigKey[] }> {
  let biggest: { key: string; bytes: number }[] = [];
  let [cursor, scanned] = ['0', 0];
  do {
    const [next, page] = await client.scan(cursor, 'COUNT', PAGE);
    cursor = next;
    scanned += page.length;
    const sizes = await Promise.all(page.map((key) => client.memory('USAGE', key)));
    const found = page.map((key, index) => ({ key, bytes: sizes[index] ?? 0 }));
    biggest = [...biggest, ...found].sort((a, b) => b.bytes - a.bytes).slice(0, TOLD);
  } while (cursor !== '0' && scanned < limit && !signal.aborted);
  const keys = await Promise.all(
    biggest.map(async ({ key, bytes }) => ({
      key: key.slice(0, 100),
      type: await client.type(key),
      kb: Math.round(bytes / 102.4) / 10,
    })),
  );
  return { scanned, complete: cursor === '0', keys };
}
