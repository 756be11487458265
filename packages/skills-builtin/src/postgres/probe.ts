// The probe of `postgres` on main: every query and pool of `pg`, whoever uses it, without configuration. Queries are told
// as sums by statement four times a second; slow ones, errors and repetitions one by one, as many as a budget allows.
import type { JsonObject, JsonValue, Probe, ProbePort } from '@nodelens/core';
import { type Callers, createCallers } from './callers.ts';
import { type Checkouts, createCheckouts } from './checkouts.ts';
import { BURST, type Contexts, createContexts } from './contexts.ts';
import { describePools } from './describe-pools.ts';
import { driverOf } from './driver.ts';
import { findDriver } from './find-driver.ts';
import { createPatches, type Patches } from './patch.ts';
import { createReporter, type Reporter } from './reporter.ts';
import { createServerQueries, type ServerQueries } from './server-query.ts';
import { slot } from './slots.ts';
import { createPoolWatch, type PoolWatch } from './watch-pools.ts';
import { createQueryWatch, type QueryWatch } from './watch-queries.ts';

const now = performance.now.bind(performance);
const wallClock = Date.now;

const IN_FLIGHT_TOLD = 30;
const MAX_TEXT = 2_000;
/** From here on a stack is worth its price even if the statement's was taken a moment ago. */
const SUSPICIOUS = BURST / 2;

interface Parts {
  readonly port: ProbePort;
  readonly patches: Patches;
  readonly callers: Callers;
  readonly contexts: Contexts;
  readonly checkouts: Checkouts;
  readonly reporter: Reporter;
  readonly pools: PoolWatch;
  readonly queries: QueryWatch;
  readonly server: ServerQueries;
}

export const watchPostgres: Probe = (port) => {
  const parts = createParts(port);
  const { patches, contexts, reporter, pools, queries } = parts;
  const watched = new Set<object>();
  const stopFinding = findDriver((exported) => {
    const driver = driverOf(exported);
    contexts.watchRequests();
    pools.watch(driver.pool);
    queries.watch(driver);
    if (driver.client !== undefined) watched.add(driver.client);
    port.numbers[slot.watched] = watched.size;
  });
  port.answer((question) => answer(parts, question));
  return () => {
    stopFinding();
    patches.undo();
    contexts.stop();
    reporter.stop();
  };
};

function createParts(port: ProbePort): Parts {
  const patches = createPatches();
  const callers = createCallers();
  const contexts = createContexts();
  const checkouts = createCheckouts(port.numbers);
  const reporter = createReporter(port, {
    bursts: () => contexts.takeGrown(),
    pools: () => describePools(checkouts.books()),
  });
  const pools = createPoolWatch(patches, checkouts, {
    asker: (text, above) => askerOf(callers, contexts, text, above),
    context: contexts.current,
    waited: reporter.waited,
    failed: reporter.connectFailed,
  });
  const queries = watchQueries({ port, patches, callers, contexts, checkouts, reporter, pools });
  const server = createServerQueries(patches, checkouts, port.emit);
  return { port, patches, callers, contexts, checkouts, reporter, pools, queries, server };
}

function askerOf(callers: Callers, contexts: Contexts, text: unknown, above: object): ReturnType<Asker> {
  const statement = typeof text === 'string' ? text : String((Object(text) as { text?: unknown }).text);
  const askedAt = now();
  return {
    context: contexts.current(),
    isPoolQuery: true,
    askedAt,
    raw: undefined,
    frame: callers.of(statement, above, askedAt),
  };
}
type Asker = Parameters<typeof createPoolWatch>[2]['asker'];

type QueryParts = Omit<Parts, 'queries' | 'server'>;

const watchQueries = (parts: QueryParts): QueryWatch => {
  const { port, patches, callers, contexts, checkouts, reporter, pools } = parts;
  return createQueryWatch(patches, port.numbers, {
    begin(client, text, above) {
      const holder = checkouts.holder(client);
      // In the callback that brought the client the caller is no longer to be seen.
      const asked = holder !== undefined && holder === pools.active() ? holder : undefined;
      // It has its client since this very moment; a look at the clock is the dearest part of a query's watch.
      const at = asked?.isPoolQuery ? asked.heldSince : now();
      const context = asked?.context ?? contexts.current();
      const repeated = contexts.count(context, text, at);
      if (holder !== undefined) {
        holder.running += 1;
        holder.lastText = text;
      }
      return {
        text,
        startedAt: at,
        startedAtMs: wallClock(),
        sentAt: 0,
        database: client.database,
        serverPid: client.processID,
        frame: asked?.isPoolQuery ? asked.frame : callers.of(text, above, at, repeated === SUSPICIOUS),
        context,
        holder,
      };
    },
    end(query, outcome) {
      const at = now();
      if (query.holder !== undefined) {
        query.holder.running -= 1;
        query.holder.idleSince = at;
      }
      reporter.finished(query, outcome, at);
    },
  });
};

function answer(parts: Parts, question: JsonObject): JsonValue {
  switch (question.about) {
    case 'pools':
      return describePools(parts.checkouts.books());
    case 'in-flight':
      return describeInFlight(parts.queries);
    case 'server':
      return parts.server.start(question);
    default:
      return null;
  }
}

function describeInFlight({ inFlight }: QueryWatch): JsonValue {
  const at = now();
  return [...inFlight()].slice(0, IN_FLIGHT_TOLD).map((query) => ({
    text: query.text.slice(0, MAX_TEXT),
    ageMs: Math.round(at - query.startedAt),
    state: query.sentAt === 0 ? 'queued on its client' : 'sent',
    database: String(query.database),
    ...(typeof query.serverPid === 'number' && { serverPid: query.serverPid }),
    pool: query.holder?.pool.id,
    frame: query.frame && { ...query.frame },
    endpoint: query.context.method && `${query.context.method} ${query.context.url?.slice(0, 200)}`,
  }));
}
