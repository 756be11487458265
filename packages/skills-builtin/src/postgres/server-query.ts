// Asks the server over one of the app's own pools, on main: one question at a time, read only, with deadlines on both
// sides. It never waits for a client of a pool that has none left: then it asks over a connection of its own, closed at
// once. A client of the app it leaves as it was, or closes it.
import { AsyncResource } from 'node:async_hooks';
import type { JsonObject, JsonValue } from '@nodelens/core';
import type { Checkouts, PoolBook } from './checkouts.ts';
import type { PgPool } from './driver.ts';
import { type Lender, ownConnection } from './own-connection.ts';
import { attempt, type Patches } from './patch.ts';
import { SERVER_SQL, SERVER_TOPICS, type ServerTopic } from './server-sql.ts';

// Taken at load: a user's fake timers must not keep a client.
const later = setTimeout;
const cancel = clearTimeout;
const soon = setImmediate;

const STATEMENT_MS = 2_000;
const LOCK_MS = 500;
/** More than the statement may take: the answer of the server comes first. */
export const DEADLINE_MS = 3_000;
const MAX_MESSAGE = 300;
const MAX_RESULT = 200_000;

export interface ServerQueries {
  /** Begins to ask, or tells why not; the answer comes as an event `server`. */
  start(question: JsonObject): JsonValue;
}

export function createServerQueries(
  patches: Patches,
  checkouts: Checkouts,
  emit: (event: JsonObject) => void,
): ServerQueries {
  // The question comes in the middle of whatever the app does, and its context is none of ours.
  const outside = new AsyncResource('nodelens.postgres', { requireManualDestroy: true });
  let isAsking = false;
  let lastId = 0;
  const run = (lender: Lender, topic: ServerTopic, id: number): void =>
    ask(lender, SERVER_SQL[topic], patches, (outcome) => {
      isAsking = false;
      emit({ kind: 'server', id, ...outcome });
    });
  return {
    start({ topic, pool: poolId }) {
      if (!isTopic(topic)) return { refused: 'there is no such topic' };
      if (isAsking) return { refused: 'the server is being asked something else' };
      const open = openBooks(checkouts.books(), poolId);
      if (open.length === 0) return { refused: 'the app has no such pool' };
      const free = choose(open);
      const book = free ?? open[0];
      const lender = lenderOf(book?.ref.deref(), free !== undefined);
      if (book === undefined || lender === undefined)
        return {
          refused: `exhausted: pool ${open.map(({ id }) => id).join(', ')} has no client left to ask with`,
        };
      isAsking = true;
      lastId += 1;
      const id = lastId;
      soon(() => outside.runInAsyncScope(run, undefined, lender, topic, id));
      return { id, pool: book.id, isOwnConnection: free === undefined, ...book.address };
    },
  };
}

const isTopic = (topic: JsonValue | undefined): topic is ServerTopic =>
  SERVER_TOPICS.includes(topic as ServerTopic);

const hasNoneLeft = (pool: PgPool): boolean =>
  pool.waitingCount > 0 || (pool.idleCount === 0 && pool.totalCount >= Number(pool.options?.max));

/** The pool that is meant, or all. */
const openBooks = (books: readonly PoolBook[], id: JsonValue | undefined): readonly PoolBook[] =>
  books.filter((book) => book.ref.deref()?.ending === false && (typeof id !== 'number' || book.id === id));

/** One that has a client at rest, rather than one that must connect a new one. */
function choose(books: readonly PoolBook[]): PoolBook | undefined {
  const free = books.filter(({ ref }) => {
    const pool = ref.deref();
    return pool !== undefined && !hasNoneLeft(pool);
  });
  return free.find(({ ref }) => (ref.deref()?.idleCount ?? 0) > 0) ?? free[0];
}

function lenderOf(pool: PgPool | undefined, hasFree: boolean): Lender | undefined {
  if (pool === undefined) return undefined;
  // Its methods are called past the patches.
  return hasFree ? (pool as unknown as Lender) : ownConnection(pool);
}

type Tell = (outcome: JsonObject) => void;
type Callback = (error: unknown, value: unknown) => void;

function ask(lender: Lender, sql: string, patches: Patches, tell: Tell): void {
  let client: object | undefined;
  let isOver = false;
  const end = (outcome: JsonObject, broken?: unknown): void => {
    if (isOver) return;
    isOver = true;
    cancel(timer);
    if (client !== undefined) release(client, broken);
    tell(outcome);
  };
  const timer = later(
    () => end({ error: `the server has not answered within ${DEADLINE_MS} ms` }, new Error('Too late.')),
    DEADLINE_MS,
  ).unref();
  const query = (text: string, callback: Callback): void =>
    call(patches, client ?? {}, 'query', [text, callback], (error) => end(failure(error), error));
  const onAnswer: Callback = (error, results) => {
    if (!error) return end(told(results));
    // What failed has left its transaction open.
    query('ROLLBACK', (broken) => end(failure(error), broken));
  };
  const onClient: Callback = (error, given) => {
    if (error) return end(failure(error));
    client = given as object;
    if (isOver) return release(client);
    query(
      `BEGIN READ ONLY; SET LOCAL statement_timeout = ${STATEMENT_MS}; SET LOCAL lock_timeout = ${LOCK_MS}; ${sql}; COMMIT`,
      onAnswer,
    );
  };
  call(patches, lender, 'connect', [onClient], (error) => end(failure(error)));
}

/** Past the patches: these are no queries of the app. */
function call(
  patches: Patches,
  object: object,
  method: string,
  args: readonly unknown[],
  failed: (error: unknown) => void,
): void {
  try {
    const original = patches.originalOf(object, method);
    if (original === undefined) throw new TypeError(`It has no ${method}.`);
    Reflect.apply(original, object, args);
  } catch (error) {
    failed(error);
  }
}

/** A client with an error is closed by its pool. */
const release = (client: object, broken?: unknown): void =>
  void attempt(() => (client as { release(error?: unknown): void }).release(broken || undefined));

function told(results: unknown): JsonObject {
  for (const { rows } of Array.isArray(results) ? (results as { rows?: { told?: unknown }[] }[]) : []) {
    const text = rows?.[0]?.told;
    if (typeof text === 'string')
      return text.length > MAX_RESULT ? { error: 'the answer is too long' } : { json: text };
  }
  return { error: 'the server gave no answer' };
}

function failure(error: unknown): JsonObject {
  const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown };
  return {
    error: String(message).slice(0, MAX_MESSAGE),
    ...(typeof code === 'string' && { code: code.slice(0, 30) }),
  };
}
