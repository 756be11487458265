import { connect } from 'node:net';
import { Redis } from 'ioredis';
import type { CallContext, Conclusion, JsonObject, Skill } from 'nodelens';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { slowCommands } from '../src/check-slow.ts';
import { figures, parseInfo } from '../src/info.ts';
import { createRedisSkill } from '../src/redis-skill.ts';

const url = process.env.NODELENS_TEST_REDIS ?? 'redis://127.0.0.1:6379';
const { hostname, port } = new URL(url);
const isReachable = await new Promise<boolean>((resolve) => {
  const socket = connect({ host: hostname, port: Number(port) || 6379, timeout: 2_000 });
  const end = (is: boolean) => (): void => {
    socket.destroy();
    resolve(is);
  };
  socket.on('connect', end(true)).on('error', end(false)).on('timeout', end(false));
});
const reason = `no Redis at ${hostname}:${port || 6379} (NODELENS_TEST_REDIS)`;
if (!isReachable) process.stdout.write(`left out: the redis skill against a real server: ${reason}\n`);

const call = <T = JsonObject>(skill: Skill, name: string, ...args: unknown[]): Promise<T> => {
  const context: CallContext = { maxPauseMs: 250, timeoutMs: 5_000, signal: AbortSignal.timeout(5_000) };
  return Promise.resolve(skill.callbacks[name]?.run(...args, context)) as Promise<T>;
};

type Found = Conclusion | undefined;
const AsyncFunction = (async () => undefined).constructor as new (
  ...parts: string[]
) => (...callbacks: unknown[]) => Promise<JsonObject>;

/** What an operator does with a check. */
async function investigate(skill: Skill): Promise<Found> {
  const finding = slowCommands.when(await skill.snapshot(), []);
  if (finding === undefined) return undefined;
  const names = Object.keys(skill.callbacks);
  const run = new AsyncFunction(...names, slowCommands.investigate);
  const callbacks = names.map(
    (name) =>
      (...args: unknown[]) =>
        call(skill, name, ...args),
  );
  return slowCommands.conclude(await run(...callbacks), finding);
}

describe.skipIf(!isReachable)(
  isReachable ? 'the redis skill against a real server' : `the redis skill (left out: ${reason})`,
  () => {
    const client = new Redis(url, { connectionName: 'nodelens-test', lazyConnect: true });
    const prefix = `nodelens:test:${process.pid}`;
    let slowerThan = '10000';

    beforeAll(async () => {
      await client.connect();
      [, slowerThan = slowerThan] = (await client.config('GET', 'slowlog-log-slower-than')) as string[];
      await client.slowlog('RESET');
      await client.config('SET', 'slowlog-log-slower-than', '2000');
    });
    afterAll(async () => {
      await client.config('SET', 'slowlog-log-slower-than', slowerThan);
      await client.slowlog('RESET');
      await client.del(`${prefix}:big`, `${prefix}:small`);
      client.disconnect();
    });

    test('a healthy server is silent, and all that is asked is told', async () => {
      const skill = createRedisSkill(client);
      await client.set(`${prefix}:small`, 'x');
      await skill.snapshot();
      for (let times = 0; times < 3; times += 1) await client.get(`${prefix}:small`);
      await client.get(`${prefix}:none`);
      expect(await skill.snapshot()).toMatchObject({
        usedMemoryMb: expect.any(Number),
        hitPercent: 75,
        evictedKeys: 0,
        unavailable: [],
      });
      expect(await investigate(skill)).toBeUndefined();
      expect(await call(skill, 'redis_info', 'server')).toMatchObject({ redis_mode: 'standalone' });
      expect(await call<JsonObject[]>(skill, 'redis_clients')).toContainEqual(
        expect.objectContaining({ name: 'nodelens-test', count: 1 }),
      );
    });

    test('a big list that is read whole is named, and no value of it', async () => {
      const skill = createRedisSkill(client);
      for (let part = 0; part < 4; part += 1)
        await client.rpush(`${prefix}:big`, ...Array.from({ length: 50_000 }, (_, id) => `secret ${id}`));
      for (let times = 0; times < 4; times += 1) await client.lrange(`${prefix}:big`, 0, -1);
      const conclusion = await investigate(skill);
      expect(conclusion).toMatchObject({
        severity: 'warning',
        observation: expect.stringMatching(/ from nodelens-test\.$/),
        subjects: [{ kind: 'resource', name: `LRANGE ${prefix}:big`, unit: 'ms' }],
      });
      expect(JSON.stringify(await call(skill, 'redis_slowlog', 100))).not.toContain('secret');
      const { keys } = await call<{ keys: JsonObject[] }>(skill, 'redis_big_keys', 50_000);
      expect(keys).toContainEqual({ key: `${prefix}:big`, type: 'list', kb: expect.any(Number) });
    });
  },
);

test('a server that is not there is told by name', async () => {
  const client = new Redis(1, '127.0.0.1', { lazyConnect: true, retryStrategy: null });
  client.on('error', () => {});
  await expect(client.connect()).rejects.toThrow();
  expect(await createRedisSkill(client).snapshot()).toEqual({ unavailable: ['redis: the client is "end"'] });
});

test('INFO is read as figures, and what grows as what came since', () => {
  const info = (hits: number) =>
    parseInfo(
      `# Stats\r\nused_memory:2097152\r\nmaxmemory:0\r\nkeyspace_hits:${hits}\r\nkeyspace_misses:5\r\n`,
    );
  expect(figures(info(15), undefined)).toMatchObject({ usedMemoryMb: 2, maxMemoryMb: null, hitPercent: 75 });
  expect(figures(info(25), info(15))).toMatchObject({ hitPercent: 100, evictedKeys: 0 });
  expect(figures(parseInfo(''), undefined)).toMatchObject({ hitPercent: null, clients: 0 });
});

test('too little evidence is no conclusion', () => {
  for (const evidence of [null, {}, { recent: [] }, { recent: [{ command: 'KEYS', durationMs: 20 }] }])
    expect(slowCommands.conclude(evidence as JsonObject, {})).toBeUndefined();
});
