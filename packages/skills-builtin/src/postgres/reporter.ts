// What main tells the recorder of queries: sums four times a second while there are any, and the remarkable ones.
import type { JsonObject, ProbePort } from '@nodelens/core';
import type { AppFrame } from '../app-frame.ts';
import { createBudget } from '../per-second.ts';
import { frameOf } from './callers.ts';
import type { Checkout } from './checkouts.ts';
import type { Burst, QueryContext } from './contexts.ts';
import { createTally } from './tally.ts';
import type { QueryEvents, RunningQuery } from './watch-queries.ts';

// Taken at load: a user's fake timers must not hold events back.
const later = setTimeout;
const now = performance.now.bind(performance);
const wallClock = Date.now;

const EVERY_MS = 250;
/** What the manual of PostgreSQL takes for an example of log_min_duration_statement. */
const SLOW_MS = 250;
const SLOW_PER_SECOND = 20;
const ERRORS_PER_SECOND = 20;
const MAX_TEXT = 2_000;
const MAX_MESSAGE = 300;

type Outcome = Parameters<QueryEvents['end']>[1];

export interface Reporter {
  /** @param at of `performance.now` */
  finished(query: RunningQuery, outcome: Outcome, at: number): void;
  waited(ms: number): void;
  connectFailed(checkout: Checkout, error: unknown): void;
  stop(): void;
}

export interface Extras {
  bursts(): readonly Burst[];
  pools(): readonly JsonObject[];
}

export function createReporter(port: ProbePort, { bursts, pools }: Extras): Reporter {
  const tally = createTally();
  const admitSlow = createBudget();
  const admitError = createBudget();
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    const sums = tally.take();
    if (sums !== undefined) port.emit({ kind: 'sums', atMs: wallClock(), ...sums, pools: pools() });
    for (const burst of bursts()) port.emit(burstEvent(burst));
  };
  const schedule = (): void => {
    timer ??= later(flush, EVERY_MS).unref();
  };
  return {
    finished(query, { error, rows }, at) {
      const durationMs = at - (query.sentAt === 0 ? query.startedAt : query.sentAt);
      tally.add(query.text, durationMs, { rows, isError: error !== undefined, frame: query.frame });
      schedule();
      if (error !== undefined && admitError(ERRORS_PER_SECOND))
        port.emit({ kind: 'error', of: 'query', ...factsOf(query, durationMs), ...errorFacts(error) });
      if (durationMs >= SLOW_MS && admitSlow(SLOW_PER_SECOND))
        port.emit({ kind: 'slow', ...factsOf(query, durationMs), rows });
    },
    waited(ms) {
      tally.addWait(ms);
      schedule();
    },
    connectFailed(checkout, error) {
      if (!admitError(ERRORS_PER_SECOND)) return;
      const frame = checkout.frame ?? (checkout.raw && frameOf(checkout.raw));
      const durationMs = now() - checkout.askedAt;
      port.emit({
        kind: 'error',
        of: 'connect',
        atMs: wallClock(),
        ms: durationMs,
        ...checkout.pool.address,
        isPoolFull: checkout.isWait,
        ...frameField(frame),
        ...errorFacts(error),
      });
    },
    stop() {
      clearTimeout(timer);
    },
  };
}

function factsOf(query: RunningQuery, durationMs: number): JsonObject {
  return {
    atMs: wallClock(),
    ms: durationMs,
    queuedMs: query.sentAt === 0 ? 0 : query.sentAt - query.startedAt,
    text: query.text.slice(0, MAX_TEXT),
    database: String(query.database),
    ...endpointField(query.context),
    ...frameField(query.frame),
  };
}

const burstEvent = ({ context, text, executions, atMs, told }: Burst): JsonObject => ({
  kind: 'burst',
  id: context.id,
  atMs,
  count: told,
  spanMs: executions.lastAt - executions.firstAt,
  text: text.slice(0, MAX_TEXT),
  ...endpointField(context),
});

const endpointField = ({ method, url }: QueryContext): JsonObject =>
  method === undefined ? {} : { endpoint: `${method} ${String(url).slice(0, 200)}` };

const frameField = (frame: AppFrame | undefined): JsonObject =>
  frame === undefined ? {} : { frame: { ...frame } };

function errorFacts(error: unknown): JsonObject {
  const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown };
  return {
    code: typeof code === 'string' ? code.slice(0, 30) : null,
    message: String(message).slice(0, MAX_MESSAGE),
  };
}
