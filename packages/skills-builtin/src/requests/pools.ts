// The pools of connections on main, as far as they can be seen: agents of node:http that requests came with, fetch's
// dispatcher by its public `stats`; and by peer what waits to be sent, whoever queues it.
import type { JsonObject } from '@nodelens/core';
import type { Flight, Flights } from './flights.ts';
import { now, type TargetOf } from './side.ts';

const KNOWN_AGENTS = 50;
const TOLD = 50;
/** In flight looked through for what waits; 10,000 take half a millisecond. */
const LOOKED_AT = 5_000;
const MAX_NAME = 200;

type Queues = { readonly [name: string]: readonly { readonly protocol?: string }[] | undefined };

interface AgentLike {
  readonly sockets: Queues;
  readonly freeSockets: Queues;
  readonly requests: Queues;
  readonly maxSockets: number;
  readonly maxTotalSockets: number;
  readonly protocol?: string;
}

export interface Agents {
  saw(agent: object): void;
  pools(): JsonObject[];
}

export function createAgents(): Agents {
  const seen = new WeakSet<object>();
  let agents: WeakRef<object>[] = [];
  const saw = (agent: object): void => {
    if (seen.has(agent)) return;
    seen.add(agent);
    agents = agents.filter((one) => one.deref() !== undefined).slice(-(KNOWN_AGENTS - 1));
    agents.push(new WeakRef(agent));
  };
  return {
    saw,
    pools: () =>
      agents
        .flatMap((agent) => poolsOf(agent.deref() as AgentLike | undefined))
        .sort((a, b) => Number(b.queued) - Number(a.queued) || Number(b.active) - Number(a.active))
        .slice(0, TOLD),
  };
}

/** Not imported: an app that does not use them would pay 10 ms and more for their loading. */
const globalAgentOf = (protocol: string): unknown =>
  process.getBuiltinModule(protocol === 'https:' ? 'node:https' : 'node:http').globalAgent;

/** One for each host that an agent has connections to. */
function poolsOf(agent: AgentLike | undefined): JsonObject[] {
  if (agent === undefined || typeof agent.sockets !== 'object') return [];
  const { sockets, freeSockets, requests, maxSockets, maxTotalSockets, protocol = 'http:' } = agent;
  const names = new Set([sockets, freeSockets, requests].flatMap((one) => Object.keys(one ?? {})));
  return [...names].slice(0, TOLD).map((name) => ({
    kind: 'http.Agent',
    isGlobal: agent === globalAgentOf(protocol),
    peer: `${protocol}//${hostOf(name)}`,
    active: sockets[name]?.length ?? 0,
    free: freeSockets[name]?.length ?? 0,
    queued: requests[name]?.length ?? 0,
    maxSockets: Number.isFinite(maxSockets) ? maxSockets : null,
    maxTotalSockets: Number.isFinite(maxTotalSockets) ? maxTotalSockets : null,
  }));
}

/** `host:port:localAddress…` is what an agent calls its queues. */
const hostOf = (name: string): string =>
  (/^([^:]+|[0-9a-f:]*::[0-9a-f:]*?):(\d+):/.exec(name)?.slice(1, 3).join(':') ?? name).slice(0, MAX_NAME);

interface Dispatcher {
  readonly stats?: { readonly [origin: string]: { readonly [figure: string]: unknown } };
}

/** The dispatcher of fetch, if fetch has been used; also one that the app has set. */
export function fetchPools(): JsonObject[] {
  const globals = globalThis as unknown as { readonly [symbol: symbol]: Dispatcher | undefined };
  const dispatcher =
    globals[Symbol.for('undici.globalDispatcher.2')] ?? globals[Symbol.for('undici.globalDispatcher.1')];
  return Object.entries(dispatcher?.stats ?? {})
    .slice(0, TOLD)
    .map(([origin, stats]) => ({
      kind: 'undici',
      isGlobal: true,
      peer: origin.slice(0, MAX_NAME),
      active: figure(stats?.running),
      free: figure(stats?.free),
      queued: figure(stats?.queued) + figure(stats?.pending),
      connected: figure(stats?.connected),
    }));
}

const figure = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** By origin: asked for, but not sent yet; most first. */
export function waitingOf(flights: Flights, targetOf: TargetOf): JsonObject[] {
  const at = now();
  const waiting = flights.list(LOOKED_AT).filter(({ sentAt }) => sentAt === 0);
  const byPeer = Map.groupBy(waiting, (flight: Flight) => originOf(targetOf(flight)));
  return [...byPeer]
    .map(([peer, ones]) => ({
      peer,
      waiting: ones.length,
      oldestMs: Math.round(at - (ones[0]?.startedAt ?? at)),
    }))
    .sort((a, b) => b.waiting - a.waiting)
    .slice(0, TOLD);
}

/** `http://prices:8080` of `http://prices:8080/quote`. */
const originOf = (target: string): string => /^[a-z0-9+.-]+:\/\/[^/]*/i.exec(target)?.[0] ?? target;
