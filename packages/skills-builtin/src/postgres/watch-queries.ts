// Watches the queries of `pg` on main, from the call to the answer. Neither the promise nor the callback of the caller
// is touched: the query itself is told when its answer has come.
import type { AppFrame } from '../app-frame.ts';
import type { Checkout } from './checkouts.ts';
import type { QueryContext } from './contexts.ts';
import type { Driver, PgClient, PgQuery } from './driver.ts';
import { attempt, type Patches } from './patch.ts';
import { slot } from './slots.ts';

const now = performance.now.bind(performance);

const MAX_IN_FLIGHT = 5_000;

/** A query that was asked and not answered yet. Times are of `performance.now`, but for `startedAtMs`. */
export interface RunningQuery {
  readonly text: string;
  readonly startedAt: number;
  readonly startedAtMs: number;
  /** When it was sent: a client does one after the other. 0: not yet. */
  sentAt: number;
  readonly database: unknown;
  readonly serverPid: unknown;
  readonly frame: AppFrame | undefined;
  readonly context: QueryContext;
  readonly holder: Checkout | undefined;
}

export interface QueryEvents {
  begin(client: PgClient, text: string, above: object): RunningQuery;
  end(query: RunningQuery, outcome: { readonly error: unknown; readonly rows: number }): void;
}

const RUNNING: unique symbol = Symbol('nodelens.query');
type Marked = PgQuery & { [RUNNING]?: RunningQuery | undefined };

export interface QueryWatch {
  watch(driver: Driver): void;
  /** Oldest first. */
  inFlight(): Iterable<RunningQuery>;
}

export function createQueryWatch(patches: Patches, numbers: Float64Array, events: QueryEvents): QueryWatch {
  const inFlight = createInFlight(numbers);
  let sending: RunningQuery | undefined;

  const end = (query: Marked, error: unknown): void => {
    const running = query[RUNNING];
    if (running === undefined) return;
    query[RUNNING] = undefined;
    inFlight.remove(running);
    add(numbers, slot.finished);
    if (error !== undefined) add(numbers, slot.failed);
    events.end(running, { error, rows: rowsOf(query) });
  };
  const begin = (client: PgClient, text: string, above: object): RunningQuery => {
    const running = events.begin(client, text, above);
    add(numbers, slot.started);
    inFlight.add(running);
    return running;
  };
  const watchClient = (client: Driver['client']): void =>
    patches.patch<PgClient>(client, 'query', (original) => {
      return function query(...args) {
        const text = patches.isOn ? textOf(args[0]) : undefined;
        if (text === undefined) {
          if (patches.isOn) add(numbers, slot.unmeasured);
          return Reflect.apply(original, this, args);
        }
        const outer = sending;
        const running = attempt(() => begin(this, text, query));
        sending = running;
        try {
          return Reflect.apply(original, this, args);
        } finally {
          sending = outer;
          if (running?.sentAt === 0 && !attempt(() => markQueued(this, running))) inFlight.remove(running);
        }
      };
    });
  const watchQuery = (query: Driver['query']): void => {
    patches.patch<Marked>(query, 'submit', (original) => {
      return function submit(...args) {
        if (this[RUNNING] !== undefined) this[RUNNING].sentAt = now();
        else if (sending !== undefined && sending.text === this.text) sendAtOnce(this, sending);
        return Reflect.apply(original, this, args);
      };
    });
    patches.patch<Marked>(query, 'handleReadyForQuery', (original) => {
      return function handleReadyForQuery(...args) {
        // Rows that could not be read end in handleError.
        if (!this._canceledDueToError) attempt(() => end(this, undefined));
        return Reflect.apply(original, this, args);
      };
    });
    patches.patch<Marked>(query, 'handleError', (original) => {
      return function handleError(...args) {
        attempt(() => end(this, args[0] ?? new Error('unknown')));
        return Reflect.apply(original, this, args);
      };
    });
  };
  return {
    watch({ client, query }) {
      watchClient(client);
      watchQuery(query);
    },
    inFlight: inFlight.all,
  };
}

/** Undefined for what brings a `submit` of its own, and for no query at all. */
function textOf(config: unknown): string | undefined {
  if (typeof config === 'string') return config;
  const { text, submit } = Object(config) as { readonly text?: unknown; readonly submit?: unknown };
  return typeof submit === 'function' || typeof text !== 'string' ? undefined : text;
}

function sendAtOnce(query: Marked, running: RunningQuery): void {
  query[RUNNING] = running;
  running.sentAt = running.startedAt;
}

/** A client that is busy queues the query: there it is the last. Returns whether it was found. */
function markQueued(client: PgClient, running: RunningQuery): boolean {
  // The name without the dash is an accessor that warns, where there are both.
  const name = Object.hasOwn(client, '_queryQueue') ? '_queryQueue' : 'queryQueue';
  const queue = (client as { readonly [name: string]: unknown })[name];
  const last = Array.isArray(queue) ? (queue.at(-1) as Marked | undefined) : undefined;
  if (last?.text !== running.text || last[RUNNING] !== undefined) return false;
  last[RUNNING] = running;
  return true;
}

function rowsOf({ _result }: PgQuery): number {
  const rows = _result?.rowCount;
  return typeof rows === 'number' ? rows : 0;
}

interface InFlight {
  add(query: RunningQuery): void;
  remove(query: RunningQuery): void;
  all(): Iterable<RunningQuery>;
}

function createInFlight(numbers: Float64Array): InFlight {
  const queries = new Set<RunningQuery>();
  const tell = (): void => {
    const oldest = queries.values().next().value;
    numbers[slot.inFlight] = queries.size;
    numbers[slot.oldestQueryAtMs] = oldest?.startedAtMs ?? 0;
  };
  return {
    add(query) {
      if (queries.size < MAX_IN_FLIGHT) queries.add(query);
      tell();
    },
    remove(query) {
      queries.delete(query);
      tell();
    },
    all: () => queries,
  };
}

function add(numbers: Float64Array, at: number): void {
  numbers[at] = (numbers[at] ?? 0) + 1;
}
