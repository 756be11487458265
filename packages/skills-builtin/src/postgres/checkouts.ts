// The pools' books on main: who waits for a client, who holds one and since when. Pools are held weakly; of a client
// only what its checkout is about is kept, and only as long as it lasts.
import type { AppFrame } from '../app-frame.ts';
import type { RawStack } from '../raw-stack.ts';
import type { QueryContext } from './contexts.ts';
import type { PgClient, PgPool } from './driver.ts';
import { slot } from './slots.ts';

const now = performance.now.bind(performance);
const wallClock = Date.now;

const POOLS = 50;

/** Who asks a pool for a client, and then holds it. Times are of `performance.now`, but for `askedAtMs`: of a wait. */
export interface Checkout {
  readonly pool: PoolBook;
  readonly context: QueryContext;
  /** By `pool.query`, which gives the client back by itself. */
  readonly isPoolQuery: boolean;
  readonly askedAt: number;
  readonly askedAtMs: number;
  /** There was no client left when it asked. */
  readonly isWait: boolean;
  raw: RawStack | undefined;
  frame: AppFrame | undefined;
  heldSince: number;
  /** Of the server's process that serves the client. */
  processId: number | undefined;
  running: number;
  /** Since when the client has nothing to do. */
  idleSince: number;
  lastText: string;
}

export interface PoolBook {
  readonly id: number;
  readonly ref: WeakRef<PgPool>;
  readonly held: Set<Checkout>;
  readonly waiting: Set<Checkout>;
  address: Address;
}

/** Where a pool's clients are connected to; never the password. */
export interface Address {
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  readonly user?: string;
}

export type Asker = Pick<Checkout, 'context' | 'isPoolQuery' | 'askedAt' | 'raw' | 'frame'>;

export interface Checkouts {
  ask(pool: PgPool, asker: Asker): Checkout;
  /** The pool has given the client, or failed to; returns how long a full pool made wait, in ms. */
  answer(checkout: Checkout, client: unknown): number | undefined;
  release(client: PgClient): void;
  holder(client: PgClient): Checkout | undefined;
  /** Of the pools that are alive. */
  books(): readonly PoolBook[];
}

export function createCheckouts(numbers: Float64Array): Checkouts {
  const bookOf = createBooks();
  const holders = new WeakMap<PgClient, Checkout>();
  const tellWaiting = (): void => {
    const waiting = bookOf.all().map((book) => book.waiting);
    const oldest = waiting.flatMap(([first]) => first?.askedAtMs ?? []);
    numbers[slot.waiting] = waiting.reduce((total, { size }) => total + size, 0);
    numbers[slot.oldestWaitAtMs] = oldest.length === 0 ? 0 : Math.min(...oldest);
  };
  const tellHeld = (change: number): void => {
    numbers[slot.held] = (numbers[slot.held] ?? 0) + change;
  };
  return {
    ask(pool, asker) {
      const isWait = pool.idleCount === 0 && pool.totalCount >= Number(pool.options?.max);
      const checkout = begin(bookOf(pool), asker, isWait);
      if (isWait) {
        checkout.pool.waiting.add(checkout);
        tellWaiting();
      }
      return checkout;
    },
    answer(checkout, client) {
      const at = now();
      if (checkout.pool.waiting.delete(checkout)) tellWaiting();
      if (typeof client === 'object' && client !== null) {
        hold(checkout, client, at);
        holders.set(client, checkout);
        tellHeld(1);
      }
      return checkout.isWait ? at - checkout.askedAt : undefined;
    },
    release(client) {
      const checkout = holders.get(client);
      // The entry stays until the client is taken again: to delete it would cost as much as to make it.
      if (!checkout?.pool.held.delete(checkout)) return;
      checkout.raw = undefined;
      checkout.lastText = '';
      tellHeld(-1);
    },
    holder(client) {
      const checkout = holders.get(client);
      return checkout?.pool.held.has(checkout) ? checkout : undefined;
    },
    books: bookOf.all,
  };
}

/** Written out: a copy by spreading would be the dearest part of a query. */
function begin(pool: PoolBook, asker: Asker, isWait: boolean): Checkout {
  const { context, isPoolQuery, askedAt, raw, frame } = asker;
  return {
    pool,
    context,
    isPoolQuery,
    askedAt,
    askedAtMs: isWait ? wallClock() : 0,
    isWait,
    raw,
    frame,
    heldSince: 0,
    processId: undefined,
    running: 0,
    idleSince: 0,
    lastText: '',
  };
}

function hold(checkout: Checkout, client: PgClient, at: number): void {
  checkout.heldSince = at;
  checkout.idleSince = at;
  checkout.processId = typeof client.processID === 'number' ? client.processID : undefined;
  checkout.pool.held.add(checkout);
  if (checkout.pool.address.database === undefined) checkout.pool.address = addressOf(client);
}

function addressOf({ host, port, database, user }: PgClient): Address {
  return {
    ...(typeof host === 'string' && { host }),
    ...(typeof port === 'number' && { port }),
    database: String(database),
    user: String(user),
  };
}

interface Books {
  (pool: PgPool): PoolBook;
  all(): readonly PoolBook[];
}

function createBooks(): Books {
  const byPool = new WeakMap<PgPool, PoolBook>();
  let all: PoolBook[] = [];
  let lastId = 0;
  const bookOf = (pool: PgPool): PoolBook => {
    const known = byPool.get(pool);
    if (known !== undefined) return known;
    lastId += 1;
    const book: PoolBook = {
      id: lastId,
      ref: new WeakRef(pool),
      held: new Set(),
      waiting: new Set(),
      address: {},
    };
    byPool.set(pool, book);
    all = [...all.filter(({ ref }) => ref.deref() !== undefined), book].slice(-POOLS);
    return book;
  };
  return Object.assign(bookOf, { all: () => all });
}
