// The check `redis.slow_commands`: its evidence is a script over the skill's own callbacks, its conclusion plain code.
import type { Check, JsonObject, JsonValue } from 'nodelens';

/** slowlog-log-slower-than is 10 ms by default; three such pauses a minute are felt by everybody. */
const TIMES = 3;

export const slowCommands: Check = {
  id: 'redis.slow_commands',
  when: ({ slowCommands1m }) =>
    Number(slowCommands1m) >= TIMES ? { slowCommands1m: Number(slowCommands1m) } : undefined,
  investigate: `const recent = (await redis_slowlog(50)).filter(({ agoMs }) => agoMs <= 60_000);
return { recent, clients: await redis_clients() };`,
  conclude(evidence: JsonValue) {
    const recent = ((evidence as { recent?: JsonObject[] } | null)?.recent ?? []) as JsonObject[];
    const groups = Map.groupBy(recent, ({ command, key }) => `${command} ${key ?? ''}`.trim());
    const [worst] = [...groups]
      .map(([name, all]) => ({
        name,
        all,
        totalMs: all.reduce((sum, one) => sum + Number(one.durationMs), 0),
      }))
      .sort((a, b) => b.totalMs - a.totalMs);
    if (worst === undefined || recent.length < TIMES) return undefined;
    const [newest] = worst.all;
    return {
      severity: 'warning',
      context: `Redis logged ${recent.length} slow commands in the last minute; it does one command after the other.`,
      observation: `${worst.name} took ${worst.totalMs.toFixed(1)} ms in ${worst.all.length} calls, the newest from ${newest?.client}.`,
      hypothesis: 'The command goes through a big value, or through all keys; the others wait meanwhile.',
      subjects: [{ kind: 'resource', name: worst.name, value: worst.totalMs, unit: 'ms' }],
    };
  },
};
