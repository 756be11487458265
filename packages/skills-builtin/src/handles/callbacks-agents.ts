// Who uses the connections of HTTP agents that have a queue.
import type { CallContext, JsonValue, Skill } from '@nodelens/core';
import * as v from 'valibot';
import { listOf } from '../evidence.ts';
import { pause } from '../pause.ts';
import { agentUses } from './agent-uses.ts';
import type { Sources } from './sources.ts';
import { located } from './watch-openings.ts';

const INTERVAL_MS = 250;
const TIMEOUT_MS = 1_000;

export const agentsCallbacks = (sources: Sources): Skill['callbacks'] => ({
  handles_agents: {
    description:
      'HTTP agents (node:http) that have a queue, looked at 4 times a second for so many seconds (default 3): peer, maxSockets, sockets, queued, leastQueued; uses by who asked (frame; null where unknown, then by method and begin of the path): share of the connections over the time, requests, heldMs (how long one holds a connection, as far as it was watched), waiting. Empty where nobody waits.',
    params: { seconds: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(15)), 3) },
    timeoutMs: 30_000,
    run: async (seconds: number, { signal }: CallContext) => {
      const looks: JsonValue[] = [];
      for (let left = (1_000 * seconds) / INTERVAL_MS; left > 0; left -= 1) {
        looks.push(await sources.feed.ask({ what: 'agents' }, { timeoutMs: TIMEOUT_MS }));
        await pause(INTERVAL_MS, signal);
      }
      return Promise.all(
        agentUses(looks, INTERVAL_MS).map(async ({ uses, ...agent }) => ({
          ...agent,
          uses: await Promise.all(
            listOf(uses).map(async (use) => ({ ...use, frame: await located(use.frame, sources) })),
          ),
        })),
      );
    },
  },
});
