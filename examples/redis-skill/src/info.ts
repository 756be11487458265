// What INFO says, read into figures. Pure.
import type { JsonObject } from 'nodelens';

export type Info = ReadonlyMap<string, string>;

/** `name:value` in each line; headings start with `#`. */
export const parseInfo = (text: string): Info =>
  new Map(
    text
      .split(/\r?\n/)
      .filter((line) => line.includes(':') && !line.startsWith('#'))
      .map((line): [string, string] => {
        const at = line.indexOf(':');
        return [line.slice(0, at), line.slice(at + 1)];
      }),
  );

export const numberIn = (info: Info, name: string): number => Number(info.get(name) ?? 0) || 0;

const mb = (bytes: number): number => Math.round((bytes / 1_048_576) * 100) / 100;

/** What grows is told as what came since the last look: a total says nothing of now. */
export function figures(info: Info, before: Info | undefined): JsonObject {
  const since = (name: string): number => numberIn(info, name) - (before ? numberIn(before, name) : 0);
  const [hits, misses] = [since('keyspace_hits'), since('keyspace_misses')];
  return {
    usedMemoryMb: mb(numberIn(info, 'used_memory')),
    maxMemoryMb: mb(numberIn(info, 'maxmemory')) || null,
    fragmentationRatio: numberIn(info, 'mem_fragmentation_ratio'),
    clients: numberIn(info, 'connected_clients'),
    blockedClients: numberIn(info, 'blocked_clients'),
    commandsPerSecond: numberIn(info, 'instantaneous_ops_per_sec'),
    hitPercent: hits + misses > 0 ? Math.round((100 * hits) / (hits + misses)) : null,
    evictedKeys: since('evicted_keys'),
    rejectedConnections: since('rejected_connections'),
  };
}
