// Which queries belong together, on main: those of one request, or of one chain of awaits. What is kept of a context is
// a few counts by statement; it goes with the context.
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

const wallClock = Date.now;

const REQUEST_CHANNEL = 'http.server.request.start';
/** What goes on for longer is no request, but a loop: its counts begin anew. */
const LASTS_MS = 30_000;
const STATEMENTS = 30;
const LONGEST_KEY = 4_000;
const OPEN_BURSTS = 100;
/** So many executions of one statement are told. */
export const BURST = 10;

export interface QueryContext {
  readonly id: number;
  /** Of the HTTP request that it is, otherwise undefined. */
  readonly method: string | undefined;
  readonly url: string | undefined;
  counts: Map<string, Executions> | undefined;
}

/** Of one statement in one context; times are of `performance.now`. */
export interface Executions {
  count: number;
  readonly firstAt: number;
  lastAt: number;
}

/** One statement, many times in one context. */
export interface Burst {
  readonly context: QueryContext;
  readonly text: string;
  readonly executions: Executions;
  readonly atMs: number;
  told: number;
}

export interface Contexts {
  /** From now on each HTTP request is a context: it costs the app something for each, so not before there is a driver. */
  watchRequests(): void;
  /** The context of the code that runs; it begins with its first query, if it is no request. */
  current(): QueryContext;
  /** One more execution, begun at `at`; returns how many there have been. */
  count(context: QueryContext, text: string, at: number): number;
  /** The bursts that have grown since the last call. */
  takeGrown(): readonly Burst[];
  stop(): void;
}

export function createContexts(): Contexts {
  const storage = new AsyncLocalStorage<QueryContext>();
  let open: Burst[] = [];
  let lastId = 0;
  const enter = (method?: string, url?: string): QueryContext => {
    lastId += 1;
    const context = { id: lastId, method, url, counts: undefined };
    storage.enterWith(context);
    return context;
  };
  const onRequest = (message: unknown): void => {
    const { request } = message as { readonly request?: { method?: string; url?: string } };
    enter(request?.method, request?.url);
  };
  let isWatching = false;
  return {
    watchRequests() {
      if (isWatching) return;
      isWatching = true;
      subscribe(REQUEST_CHANNEL, onRequest);
    },
    current: () => storage.getStore() ?? enter(),
    count(context, text, at) {
      const executions = executionsOf(context, text, at);
      if (executions === undefined) return 0;
      executions.count += 1;
      executions.lastAt = at;
      if (executions.count % BURST !== 0) return executions.count;
      if (at - executions.firstAt > LASTS_MS) {
        context.counts?.delete(text);
        return 0;
      }
      if (!open.some((burst) => burst.executions === executions))
        open = [{ context, text, executions, atMs: wallClock(), told: 0 }, ...open].slice(0, OPEN_BURSTS);
      return executions.count;
    },
    takeGrown() {
      open = open.filter(({ executions, told }) => executions.count > told);
      for (const burst of open) burst.told = burst.executions.count;
      return open;
    },
    stop() {
      unsubscribe(REQUEST_CHANNEL, onRequest);
      storage.disable();
    },
  };
}

/** Undefined for what is beyond the bounds. */
function executionsOf(context: QueryContext, text: string, at: number): Executions | undefined {
  context.counts ??= new Map();
  const known = context.counts.get(text);
  if (known !== undefined) return known;
  if (text.length > LONGEST_KEY || context.counts.size >= STATEMENTS) return undefined;
  const executions = { count: 0, firstAt: at, lastAt: at };
  context.counts.set(text, executions);
  return executions;
}
