// The pools as the recorder is told of them, on main: bounded, and with positions for the clients that are held long.
import type { JsonObject } from '@nodelens/core';
import type { AppFrame } from '../app-frame.ts';
import { frameOf } from './callers.ts';
import type { Checkout, PoolBook } from './checkouts.ts';

const now = performance.now.bind(performance);

const TOLD = 20;
/** Until then the text of a holder's stack is not made. */
const LONG_MS = 500;
const MAX_TEXT = 1_000;

export const describePools = (books: readonly PoolBook[]): readonly JsonObject[] =>
  books
    .map(describePool)
    .filter((pool) => pool !== undefined)
    .slice(-TOLD);

function describePool({ id, ref, held, waiting, address }: PoolBook): JsonObject | undefined {
  const pool = ref.deref();
  if (pool === undefined) return undefined;
  return {
    pool: id,
    ...address,
    total: pool.totalCount,
    idle: pool.idleCount,
    waiting: pool.waitingCount,
    max: Number(pool.options?.max) || null,
    held: held.size,
    ...(pool.ending === true && { ending: true }),
    holders: [...held].slice(0, TOLD).map(describeHolder),
    waiters: [...waiting].slice(0, TOLD).map(describeWaiter),
  };
}

function describeHolder(checkout: Checkout): JsonObject {
  const at = now();
  const isBusy = checkout.running > 0;
  return {
    heldMs: Math.round(at - checkout.heldSince),
    // Without a query that runs, a client is held for nothing.
    idleMs: isBusy ? 0 : Math.round(at - checkout.idleSince),
    isBusy,
    by: checkout.isPoolQuery ? 'pool.query' : 'pool.connect',
    ...(checkout.processId !== undefined && { serverPid: checkout.processId }),
    ...(checkout.lastText !== '' && { text: checkout.lastText.slice(0, MAX_TEXT) }),
    ...frameField(frameIfLong(checkout, at - checkout.heldSince)),
  };
}

function describeWaiter(checkout: Checkout): JsonObject {
  const waitedMs = now() - checkout.askedAt;
  return { waitedMs: Math.round(waitedMs), ...frameField(frameIfLong(checkout, waitedMs)) };
}

const frameField = (frame: AppFrame | undefined): JsonObject =>
  frame === undefined ? {} : { frame: { ...frame } };

function frameIfLong(checkout: Checkout, ms: number): AppFrame | undefined {
  if (checkout.raw !== undefined && ms >= LONG_MS) {
    checkout.frame = frameOf(checkout.raw);
    checkout.raw = undefined;
  }
  return checkout.frame;
}
