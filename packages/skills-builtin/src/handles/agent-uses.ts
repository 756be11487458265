// Whose requests take the connections of an HTTP agent, and for how long, by looks at it in short order. Pure.
import type { JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, textOf } from '../evidence.ts';

const TOLD = 10;

interface Request {
  readonly id: number;
  readonly group: string;
  readonly kind: string;
  readonly frame: JsonValue;
}

/** @param looks what main told of its agents, oldest first */
export function agentUses(looks: readonly JsonValue[], intervalMs: number): readonly JsonObject[] {
  const told = looks.map((look) => listOf(look));
  const newest = told.at(-1) ?? [];
  return newest.map((agent) => {
    const earlier = told.flatMap((look) => look.filter(({ peer }) => peer === agent.peer).slice(0, 1));
    return usesOf(agent, earlier, intervalMs);
  });
}

function usesOf(agent: JsonObject, looks: readonly JsonObject[], intervalMs: number): JsonObject {
  const frames = framesByKind(looks);
  const read = (requests: JsonValue | undefined): readonly Request[] =>
    listOf(requests).map((request) => requestOf(request, frames));
  const held = looks.flatMap((look) => read(look.held));
  const waiting = read(agent.waiting);
  const groups = Map.groupBy([...held, ...waiting], ({ group }) => group);
  const uses = [...groups].map(([group, [first]]) => {
    const samples = held.filter((request) => request.group === group);
    const requests = new Set(samples.map(({ id }) => id)).size;
    return {
      kind: first?.kind ?? '',
      frame: first?.frame ?? null,
      /** Of all that was seen on its connections. */
      share: held.length === 0 ? 0 : samples.length / held.length,
      requests,
      heldMs: requests === 0 ? 0 : Math.round((samples.length / requests) * intervalMs),
      waiting: waiting.filter((request) => request.group === group).length,
    };
  });
  return {
    peer: agent.peer ?? null,
    maxSockets: agent.maxSockets ?? null,
    sockets: agent.sockets ?? null,
    queued: agent.queued ?? null,
    leastQueued: Math.min(...looks.map(({ queued }) => numberOf(queued))),
    looks: looks.length,
    uses: uses.toSorted((a, b) => b.share - a.share || b.waiting - a.waiting).slice(0, TOLD),
  };
}

/** Requests of one function are one group; those whose stack was not taken go with their kind. */
function requestOf({ id, kind, frame }: JsonObject, frames: ReadonlyMap<string, JsonObject>): Request {
  const known = (frame ?? frames.get(textOf(kind)) ?? null) as JsonObject | null;
  const group = known === null ? textOf(kind) : `${known.name} ${known.file}`;
  return { id: numberOf(id), group, kind: textOf(kind), frame: known };
}

function framesByKind(looks: readonly JsonObject[]): ReadonlyMap<string, JsonObject> {
  const requests = looks.flatMap(({ held, waiting }) => [...listOf(held), ...listOf(waiting)]);
  return new Map(
    requests.flatMap(({ kind, frame }) =>
      frame === null || frame === undefined ? [] : [[textOf(kind), frame as JsonObject] as const],
    ),
  );
}
