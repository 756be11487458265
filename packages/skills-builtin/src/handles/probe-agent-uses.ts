// Which requests hold the connections of an HTTP agent that has a queue, and which wait for one; of both who asked. A
// stack is taken only of requests to an agent that has a queue already, so nothing is paid where nobody waits.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { JsonObject } from '@nodelens/core';
import type { AppFrame } from '../app-frame.ts';
import { createBudget } from '../per-second.ts';
import { callingFrame } from './call-site.ts';
import { pathPattern } from './descriptors.ts';

const CHANNEL = 'http.client.request.created';
const STACKS_PER_SECOND = 20;
const KNOWN_AGENTS = 20;
const LOOKED_AT = 100;
const MAX_KIND = 80;

interface RequestLike {
  readonly method?: string;
  readonly path?: string;
  readonly agent?: unknown;
}

type Lists<T> = { readonly [name: string]: readonly T[] | undefined };

interface AgentLike {
  readonly maxSockets: number;
  readonly sockets: Lists<{ readonly _httpMessage?: RequestLike | null }>;
  readonly requests: Lists<RequestLike>;
}

export interface AgentUses {
  /** Agents with a queue now. */
  tell(): readonly JsonObject[];
  stop(): void;
}

export function watchAgentUses(): AgentUses {
  const frames = new WeakMap<object, AppFrame>();
  const ids = new WeakMap<object, number>();
  let lastId = 0;
  let agents: WeakRef<AgentLike>[] = [];
  const admit = createBudget();
  const note = (message: unknown): void => {
    try {
      const { request } = message as { readonly request: RequestLike };
      if (!isAgent(request.agent) || !hasQueue(request.agent)) return;
      remember(request.agent);
      const frame = admit(STACKS_PER_SECOND) ? callingFrame() : undefined;
      if (frame !== undefined) frames.set(request, frame);
    } catch {
      // A subscriber that throws would end the app.
    }
  };
  const remember = (agent: AgentLike): void => {
    if (agents.some((known) => known.deref() === agent)) return;
    agents = [...agents.filter((known) => known.deref() !== undefined), new WeakRef(agent)].slice(
      -KNOWN_AGENTS,
    );
  };
  const idOf = (request: object): number => {
    const id = ids.get(request) ?? ++lastId;
    ids.set(request, id);
    return id;
  };
  const describe = (request: RequestLike): JsonObject => ({
    id: idOf(request),
    kind: kindOf(request),
    frame: frames.has(request) ? ({ ...frames.get(request) } as JsonObject) : null,
  });
  const usesOf = (agent: AgentLike): readonly JsonObject[] =>
    Object.entries(agent.requests).map(([name, queued = []]) => {
      const sockets = agent.sockets[name] ?? [];
      const held = sockets.flatMap(({ _httpMessage }) => _httpMessage ?? []);
      return {
        // Agents name them host:port:localAddress, and of HTTPS much more.
        peer: name.split(':').slice(0, 2).join(':').slice(0, 100),
        maxSockets: Number.isFinite(agent.maxSockets) ? agent.maxSockets : null,
        sockets: sockets.length,
        queued: queued.length,
        held: held.slice(0, LOOKED_AT).map(describe),
        waiting: queued.slice(0, LOOKED_AT).map(describe),
      };
    });
  subscribe(CHANNEL, note);
  return {
    tell: () => agents.flatMap((known) => usesOf(known.deref() ?? NO_AGENT)),
    stop: () => void unsubscribe(CHANNEL, note),
  };
}

const NO_AGENT: AgentLike = { maxSockets: 0, sockets: {}, requests: {} };

const isAgent = (agent: unknown): agent is AgentLike =>
  typeof agent === 'object' && agent !== null && 'sockets' in agent && 'requests' in agent;

function hasQueue({ requests }: AgentLike): boolean {
  for (const _ in requests) return true;
  return false;
}

/** `GET /stock`: no more of a path, which may hold anything. */
const kindOf = ({ method = '', path = '' }: RequestLike): string =>
  `${method} ${pathPattern(/^\/?[^/?#]*/.exec(path)?.[0] ?? '')}`.slice(0, MAX_KIND);
