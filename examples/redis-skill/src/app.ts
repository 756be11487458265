// `npm start`: an app with a cache that it treats badly, watched by the skill. Without an API key triage() investigates.
import { Redis } from 'ioredis';
import { Nodelens } from 'nodelens';
import { createRedisSkill } from './redis-skill.ts';

const client = new Redis(process.env.REDIS_URL ?? 'redis://127.0.0.1:6379', { connectionName: 'shop' });
const key = `nodelens:example:${process.pid}`;

for (let day = 0; day < 4; day += 1)
  await client.rpush(key, ...Array.from({ length: 50_000 }, (_, id) => `visitor ${id} of day ${day}`));
for (let page = 0; page < 5; page += 1) await client.lrange(key, 0, -1);

const lens = await Nodelens.start({ operators: [{ skill: createRedisSkill(client) }] });
const { notifications, operators } = await lens.coordinator.run({ reason: 'the cache is slow' });
for (const { context, observation, hypothesis } of notifications)
  process.stdout.write(`${context}\n${observation}\n${hypothesis ?? ''}\n`);
for (const { operator, state } of operators) process.stdout.write(`${operator}: ${state}\n`);

await lens.stop();
await client.del(key);
client.disconnect();
