// The probe of `handles` on main: a few stacks a second of what opens sockets and child processes, kept weakly, and the
// answers to what only main can tell. Where it is armed for some seconds, also who opens files and sets timers.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { JsonObject, JsonValue, ProbePort } from '@nodelens/core';
import { createBudget } from '../per-second.ts';
import { callingFrame, type Openers } from './call-site.ts';
import { type AgentUses, watchAgentUses } from './probe-agent-uses.ts';
import { activeCounts } from './probe-counts.ts';
import { createOpeningsWatch, isWatchKind } from './probe-openings.ts';
import { createSocketTeller } from './probe-sockets.ts';
import { createWritersWatch } from './probe-writers.ts';

/** About 0.2 ms in a second at most. */
const STACKS_PER_SECOND = 20;

const CHANNELS: { readonly [channel: string]: string } = {
  'net.client.socket': 'socket',
  child_process: 'process',
};

export function watchHandles(port: ProbePort): () => void {
  const openers: Openers = new WeakMap();
  const undo = watchChannels(openers);
  const openings = createOpeningsWatch(openers);
  const writers = createWritersWatch();
  const tellSockets = createSocketTeller(openers, writers);
  const agents = watchAgentUses();
  port.answer((question) => answer(question, { openings, tellSockets, agents }));
  return () => {
    openings.disarm();
    writers.disarm();
    agents.stop();
    undo();
  };
}

function watchChannels(openers: Openers): () => void {
  const admit = createBudget();
  const subscriptions = Object.entries(CHANNELS).map(([channel, property]) => {
    const listener = (message: unknown): void => {
      try {
        const opened = (message as { readonly [key: string]: unknown })[property];
        if (typeof opened !== 'object' || opened === null || !admit(STACKS_PER_SECOND)) return;
        const frame = callingFrame();
        if (frame !== undefined) openers.set(opened, frame);
      } catch {
        // A subscriber that throws would end the app.
      }
    };
    subscribe(channel, listener);
    return () => void unsubscribe(channel, listener);
  });
  return () => {
    for (const end of subscriptions) end();
  };
}

interface Tellers {
  readonly openings: ReturnType<typeof createOpeningsWatch>;
  readonly agents: AgentUses;
  readonly tellSockets: ReturnType<typeof createSocketTeller>;
}

function answer(
  { what, kind, seconds, limit, order, watchWritesSeconds }: JsonObject,
  tellers: Tellers,
): JsonValue {
  switch (what) {
    case 'counts':
      return activeCounts();
    case 'sockets':
      return tellers.tellSockets({
        limit: Number(limit ?? 20),
        order: order === 'idle' || order === 'bytes' ? order : 'buffered',
        watchWritesSeconds: typeof watchWritesSeconds === 'number' ? watchWritesSeconds : undefined,
      });
    case 'arm':
      return isWatchKind(kind) && tellers.openings.arm(kind, Number(seconds));
    case 'agents':
      return tellers.agents.tell() as JsonValue;
    case 'openings':
      return tellers.openings.collect();
    default:
      return null;
  }
}
