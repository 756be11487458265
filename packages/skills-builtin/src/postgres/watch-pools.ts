// Watches the pools of `pg-pool` on main. What a caller gets from them is what he would get without us.
import { stackHere } from './callers.ts';
import type { Asker, Checkout, Checkouts } from './checkouts.ts';
import type { QueryContext } from './contexts.ts';
import type { PgClient, PgPool, Prototype } from './driver.ts';
import { attempt, type Patches } from './patch.ts';

const now = performance.now.bind(performance);

export interface PoolEvents {
  /** What is known of `pool.query(text)` when it asks for its client. */
  asker(text: unknown, above: object): Asker;
  context(): QueryContext;
  waited(ms: number): void;
  failed(checkout: Checkout, error: unknown): void;
}

export interface PoolWatch {
  watch(pool: Prototype | undefined): void;
  /** The checkout whose callback runs right now. */
  active(): Checkout | undefined;
}

export function createPoolWatch(patches: Patches, checkouts: Checkouts, events: PoolEvents): PoolWatch {
  let asker: Asker | undefined;
  let active: Checkout | undefined;
  const ask = (pool: PgPool, above: object): Checkout =>
    checkouts.ask(
      pool,
      asker ?? {
        context: events.context(),
        isPoolQuery: false,
        askedAt: now(),
        raw: stackHere(above),
        frame: undefined,
      },
    );
  const answer = (checkout: Checkout, error: unknown, client: unknown): void => {
    attempt(() => {
      const waitedMs = checkouts.answer(checkout, client);
      if (waitedMs !== undefined) events.waited(waitedMs);
      if (error) events.failed(checkout, error);
    });
  };
  const answering = (checkout: Checkout, callback: (...args: unknown[]) => unknown) =>
    function (this: unknown, ...args: unknown[]): unknown {
      answer(checkout, args[0], args[1]);
      const outer = active;
      active = checkout;
      try {
        return Reflect.apply(callback, this, args);
      } finally {
        active = outer;
      }
    };
  return {
    active: () => active,
    watch(pool) {
      patches.patch<PgPool>(pool, 'query', (original) => {
        return function query(...args) {
          if (!patches.isOn) return Reflect.apply(original, this, args);
          const outer = asker;
          asker = attempt(() => events.asker(args[0], query));
          try {
            return Reflect.apply(original, this, args);
          } finally {
            asker = outer;
          }
        };
      });
      patches.patch<PgPool>(pool, 'connect', (original) => {
        return function connect(...args) {
          const checkout = patches.isOn ? attempt(() => ask(this, connect)) : undefined;
          if (checkout === undefined) return Reflect.apply(original, this, args);
          const [callback] = args;
          if (typeof callback === 'function')
            return Reflect.apply(original, this, [answering(checkout, callback as never)]);
          const result = Reflect.apply(original, this, args);
          return isPromise(result)
            ? answerOf(result, (error, client) => answer(checkout, error, client))
            : result;
        };
      });
      patches.patch<PgPool>(pool, '_release', (original) => {
        return function _release(...args) {
          if (patches.isOn) attempt(() => checkouts.release(args[0] as PgClient));
          return Reflect.apply(original, this, args);
        };
      });
    },
  };
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (Object(value) as { readonly then?: unknown }).then === 'function';

/** The same promise to its caller: whether he handles a rejection stays his own affair. */
const answerOf = (result: Promise<unknown>, tell: (error: unknown, client: unknown) => void): unknown =>
  result.then(
    (client) => {
      tell(undefined, client);
      return client;
    },
    (error: unknown) => {
      tell(error, undefined);
      throw error;
    },
  );
