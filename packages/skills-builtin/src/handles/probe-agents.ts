// HTTP agents of the sockets that are in use: how many they have of how many they may have, and what waits for one.
import type { JsonObject } from '@nodelens/core';
import type { SocketLike } from './probe-resources.ts';

const MAX_AGENTS = 10;
const MAX_TOLD = 20;

type Lists = { readonly [name: string]: readonly unknown[] | undefined };

interface AgentLike {
  readonly maxSockets: number;
  readonly sockets: Lists;
  readonly freeSockets?: Lists;
  readonly requests?: Lists;
}

/** Longest queue first. */
export function agentsOf(sockets: readonly SocketLike[]): readonly JsonObject[] {
  const agents = new Set<AgentLike>();
  for (const { _httpMessage } of sockets) {
    if (isAgent(_httpMessage?.agent)) agents.add(_httpMessage.agent);
    if (agents.size >= MAX_AGENTS) break;
  }
  return [...agents]
    .flatMap(usesOf)
    .sort((a, b) => Number(b.queued) - Number(a.queued) || Number(b.sockets) - Number(a.sockets))
    .slice(0, MAX_TOLD);
}

const isAgent = (agent: unknown): agent is AgentLike =>
  typeof agent === 'object' && agent !== null && 'maxSockets' in agent && 'sockets' in agent;

const usesOf = ({ maxSockets, sockets, freeSockets, requests }: AgentLike): readonly JsonObject[] =>
  Object.entries(sockets).map(([name, used]) => ({
    // Agents name them host:port:localAddress, and of HTTPS much more.
    peer: name.split(':').slice(0, 2).join(':').slice(0, 100),
    sockets: used?.length ?? 0,
    free: freeSockets?.[name]?.length ?? 0,
    queued: requests?.[name]?.length ?? 0,
    maxSockets: Number.isFinite(maxSockets) ? maxSockets : null,
  }));
