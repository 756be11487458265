// What is known of `pg` (8.x) and `pg-pool` (3.x), as far as it is watched. Their types are no dependency of ours.

export interface PgClient {
  readonly processID?: unknown;
  readonly host?: unknown;
  readonly port?: unknown;
  readonly database?: unknown;
  readonly user?: unknown;
}

export interface PgQuery {
  readonly text?: unknown;
  readonly _result?: { readonly rowCount?: unknown };
  readonly _canceledDueToError?: unknown;
}

export interface PgPool {
  readonly options?: { readonly [name: string]: unknown };
  /** What its clients are made of. */
  readonly Client?: unknown;
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  readonly ending?: boolean;
}

export type Method<This = unknown> = (this: This, ...args: readonly unknown[]) => unknown;
export type Prototype = Record<string, unknown>;

/** The prototypes of one copy of `pg`; what is not there is not watched. */
export interface Driver {
  readonly client?: Prototype | undefined;
  readonly query?: Prototype | undefined;
  readonly pool?: Prototype | undefined;
}

/** @param exported what `require('pg')` or `require('pg-pool')` returned */
export function driverOf(exported: unknown): Driver {
  const { Client, Query, Pool } = Object(exported) as { readonly [name: string]: unknown };
  return {
    client: withOwn(prototypeOf(Client), 'query'),
    query: withOwn(prototypeOf(Query), 'handleReadyForQuery'),
    pool: withOwn(prototypeOf(Pool ?? exported), 'connect'),
  };
}

const prototypeOf = (value: unknown): Prototype | undefined =>
  typeof value === 'function' ? (value.prototype as Prototype) : undefined;

/** The prototype in the chain that has the method: `pg.Pool` only binds the client to the Pool of `pg-pool`. */
function withOwn(prototype: Prototype | undefined, method: string): Prototype | undefined {
  let found: Prototype | null = prototype ?? null;
  while (found !== null && !Object.hasOwn(found, method)) found = Object.getPrototypeOf(found);
  return typeof found?.[method] === 'function' ? found : undefined;
}
