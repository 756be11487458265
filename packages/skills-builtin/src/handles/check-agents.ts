// The check `handles.agent_held`: requests wait for a connection of an HTTP agent because others, which take much longer
// by their nature, hold nearly all of them. Where all take alike, the peer or the limit is the matter, not this. Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, type Place, placeOf, textOf } from '../evidence.ts';
import { sum } from '../statistics.ts';
import { figure, functionSubject, ms, percent, place } from '../wording.ts';

/** A queue for a moment is what an agent is for. */
const QUEUED = 5;
/** Of the connections over the time of the watch. */
const HELD_SHARE = 0.6;
/** So many times longer than the others, and half a second at least. */
const LONGER = 5;
const LONG_MS = 500;

export const agentHeld: Check = {
  id: 'handles.agent_held',
  when: (snapshot) => {
    const queued = numberOf(snapshot.agentQueued);
    return queued < QUEUED ? undefined : { queued };
  },
  investigate: 'return await handles_agents(3);',
  conclude: (evidence) => conclude(evidence),
  explains: ['http.pool_queue', 'http.slow_peer', 'http.slow_route', 'overload.in_flight_growth'],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  for (const agent of listOf(evidence).toSorted((a, b) => numberOf(b.queued) - numberOf(a.queued))) {
    const [holder, ...others] = listOf(agent.uses);
    if (holder !== undefined && isHeldBy(holder, others, agent)) return describe(holder, others, agent);
  }
  return undefined;
}

function isHeldBy(holder: JsonObject, others: readonly JsonObject[], agent: JsonObject): boolean {
  if (numberOf(agent.leastQueued) < QUEUED || numberOf(agent.sockets) < numberOf(agent.maxSockets))
    return false;
  const waiting = sum(others.map((other) => numberOf(other.waiting)));
  return (
    numberOf(holder.share) >= HELD_SHARE &&
    waiting >= Math.max(QUEUED, numberOf(holder.waiting)) &&
    numberOf(holder.heldMs) >= Math.max(LONG_MS, LONGER * longestOf(others))
  );
}

/** Of those that were seen on a connection at all; 0 when they are too short for that. */
const longestOf = (others: readonly JsonObject[]): number =>
  Math.max(0, ...others.map(({ heldMs }) => numberOf(heldMs)));

function describe(holder: JsonObject, others: readonly JsonObject[], agent: JsonObject): Conclusion {
  const peer = textOf(agent.peer);
  const by = placeOf(holder.frame);
  const [most] = others.toSorted((a, b) => numberOf(b.waiting) - numberOf(a.waiting));
  const longest = longestOf(others);
  return {
    severity: 'warning',
    context: `An http.Agent uses all of its ${figure(numberOf(agent.sockets))} connections to ${peer}, and ${figure(numberOf(agent.queued))} requests wait for one.`,
    observation: `${nameOf(holder, by)} held ${percent(numberOf(holder.share))} of the connections, each of its requests for ${ms(numberOf(holder.heldMs))} or more; those that wait, ${figure(numberOf(most?.waiting))} of ${nameOf(most ?? {}, placeOf(most?.frame))}, take ${longest === 0 ? 'too short a time to be seen on one' : `${ms(longest)} at most`}.`,
    hypothesis:
      'Requests that take long by their nature (long polls, streams, downloads) share one agent with short ones, which wait behind them: they need an agent of their own.',
    subjects: [
      ...(by === undefined ? [] : [functionSubject(by, numberOf(holder.requests), 'connections')]),
      {
        kind: 'resource',
        name: `http.Agent ${peer}`,
        value: numberOf(agent.queued),
        unit: 'queued requests',
      },
    ],
  };
}

const nameOf = ({ kind }: JsonObject, by: Place | undefined): string =>
  by === undefined ? textOf(kind) : `${place(by)} (${textOf(kind)})`;
