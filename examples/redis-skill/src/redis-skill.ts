// A skill of one's own: what a Redis server tells, over the app's own client. It only reads.
import type { Redis } from 'ioredis';
import { type CallContext, defineSkill, type Skill } from 'nodelens';
import * as v from 'valibot';
import { findBigKeys } from './big-keys.ts';
import { slowCommands } from './check-slow.ts';
import { figures, type Info, parseInfo } from './info.ts';
import { readSlowlog } from './slowlog.ts';

const SECTIONS = [
  'server',
  'clients',
  'memory',
  'persistence',
  'stats',
  'replication',
  'cpu',
  'commandstats',
  'keyspace',
] as const;

const PROMPT = `You watch a Redis server through the client of one app.
WHAT MATTERS
- Redis does one command after the other: a slow one (redis_slowlog) holds up everybody. KEYS, SMEMBERS, LRANGE 0 -1 and HGETALL on big keys are the usual ones; redis_big_keys() finds the keys.
- usedMemoryMb near maxMemoryMb with evictedKeys above 0: the cache is too small, or something big was put into it.
- hitPercent: of the lookups since the last snapshot. Under 80 on a warm cache is worth a look.
- clients that only grow are connections that are not closed: redis_clients() groups them.
NORMAL, do not report
- A low hitPercent after a start, or with few lookups (null: none); blockedClients of queues (BLPOP); a single slow command.`;

/** @param client connected, or about to be; while it is not, the snapshot says so */
export function createRedisSkill(client: Redis): Skill {
  let before: Info | undefined;
  return defineSkill({
    id: 'redis',
    title: 'Redis',
    description: 'Redis cache: memory, clients, hit rate, evictions, slow commands, big keys',
    systemPrompt: PROMPT,
    keywords: ['redis', 'cache', 'hit', 'eviction', 'slow', 'memory', 'key'],
    snapshot: async () => {
      // A client that is not connected keeps commands until it is.
      if (client.status !== 'ready') return { unavailable: [`redis: the client is "${client.status}"`] };
      const [text, slow] = await Promise.all([client.info(), readSlowlog(client, 50)]);
      const info = parseInfo(text);
      const told = figures(info, before);
      before = info;
      return { ...told, slowCommands1m: slow.filter(({ agoMs }) => agoMs <= 60_000).length, unavailable: [] };
    },
    callbacks: {
      redis_slowlog: {
        description:
          'The newest slow commands (default 20): agoMs, durationMs, command, key (its first argument), client.',
        params: { count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 20) },
        run: (count: number) => readSlowlog(client, count),
      },
      redis_big_keys: {
        description:
          'The 10 biggest keys among the first limit (default 5,000, at most 50,000) that SCAN gives: key, type, kb. Costs the server about 5 µs per key.',
        params: {
          limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50_000)), 5_000),
        },
        run: (limit: number, { signal }: CallContext) => findBigKeys(client, limit, signal),
      },
      redis_info: {
        description: `One section of INFO as the server tells it: ${SECTIONS.join(', ')}.`,
        params: { section: v.picklist(SECTIONS) },
        run: async (section: string) => Object.fromEntries(parseInfo(await client.info(section))),
      },
      redis_clients: {
        description:
          'Connected clients by name (or host), most first: count, longestIdleSeconds, lastCommand.',
        run: async () => groupClients(String(await client.client('LIST'))),
      },
    },
    checks: [slowCommands],
  });
}

function groupClients(list: string): readonly object[] {
  const clients = list
    .trim()
    .split('\n')
    .map((line) => new Map(line.split(' ').map((field) => field.split('=') as [string, string])));
  const groups = Map.groupBy(
    clients,
    (one) => one.get('name') || (one.get('addr') ?? '').replace(/:\d+$/, ''),
  );
  return [...groups]
    .map(([name, all]) => ({
      name,
      count: all.length,
      longestIdleSeconds: Math.max(...all.map((one) => Number(one.get('idle')))),
      lastCommand: all[0]?.get('cmd') ?? null,
    }))
    .sort((a, b) => b.count - a.count)
    .slice(0, 20);
}
