// The probe `requests`: HTTP that main serves and asks for, seen through diagnostics channels. Nothing is patched; what
// was in flight before it began is not counted.
import type { JsonObject, JsonValue, Probe } from '@nodelens/core';
import { createBatch } from './batch.ts';
import type { Flight } from './flights.ts';
import { createAgents, fetchPools, waitingOf } from './pools.ts';
import { targetOf as nodeTarget, watchNodeClient } from './probe-client.ts';
import { watchHttp2Client, watchHttp2Servers } from './probe-http2.ts';
import { watchServers } from './probe-server.ts';
import { targetOf as givenTarget, watchUndici } from './probe-undici.ts';
import { CLIENT, now, pathOf, SERVER, Side, targetText } from './side.ts';
import { subscribeAll } from './subscribe.ts';
import { unreadBytes } from './unread.ts';

// Taken at load: a user's fake timers must not move the times.
const wallClock = Date.now;

const MAX_TOLD = 500;
const MAX_METHOD = 40;

export const watchRequests: Probe = (port) => {
  const batch = createBatch((event) => port.emit(event));
  const server = new Side(port.numbers, SERVER, batch.add);
  const client = new Side(port.numbers, CLIENT, batch.add);
  const servers = watchServers(port.numbers, server);
  const agents = createAgents();
  port.answer((question) => {
    if (question.of === 'in-flight')
      return inFlight([...server.flights.list(MAX_TOLD), ...servers.placed()], client, question.limit);
    if (question.of === 'pools')
      return {
        pools: [...agents.pools(), ...fetchPools()],
        waiting: waitingOf(client.flights, clientTarget),
      };
    return null;
  });
  const unsubscribe = subscribeAll([
    servers,
    watchHttp2Servers(server),
    watchNodeClient(port.numbers, client, agents.saw),
    watchUndici(port.numbers, client),
    watchHttp2Client(port.numbers, client),
  ]);
  return () => {
    unsubscribe();
    batch.end();
  };
};

/** Oldest first, of both sides. */
function inFlight(served: readonly Flight[], client: Side, limit: JsonValue | undefined): JsonValue {
  const most = typeof limit === 'number' ? Math.max(0, Math.min(MAX_TOLD, limit)) : MAX_TOLD;
  return [
    ...served.map((one) => ({ side: 'server', target: pathOf(one.url), ...facts(one) })),
    ...client.flights
      .list(most)
      .map((one) => ({ side: 'client', target: clientTarget(one), ...facts(one), ...progressOf(one) })),
  ]
    .sort((a, b) => b.ageMs - a.ageMs)
    .slice(0, most);
}

function facts({ method, startedAt }: Flight): { method: string; startedAtMs: number; ageMs: number } {
  const ageMs = Math.round(now() - startedAt);
  return { method: method.slice(0, MAX_METHOD), startedAtMs: wallClock() - ageMs, ageMs };
}

function progressOf(flight: Flight): JsonObject {
  const { sentAt, answeredAt } = flight;
  if (answeredAt === 0) return { state: sentAt > 0 ? 'sent' : 'waiting' };
  return {
    state: 'receiving',
    answeredAgoMs: Math.round(now() - answeredAt),
    unreadBytes: unreadBytes(flight),
  };
}

const clientTarget = (flight: Flight): string =>
  targetText(flight, flight.request === undefined ? givenTarget : nodeTarget);
