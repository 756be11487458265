// The accept queues over time, with their limits and the kernel's count of connections that found one full.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createListeners, type Listener } from './listeners.ts';
import { type ListenCounters, parseListenCounters } from './proc-net.ts';

export interface AcceptQueue extends Listener {
  readonly limit: number;
  /** `listen-options`, `observed` when it overflowed, or `assumed`: what `listen` does without a backlog. */
  readonly limitSource: 'listen-options' | 'observed' | 'assumed';
  /** Highest number of waiting connections in the last minute. */
  readonly highest1m: number;
  /** For how long it has been at 80 % of the limit or more. */
  readonly nearLimitMs: number;
}

export interface Overflows {
  /** Of the whole network namespace (of a container: usually of this process alone). */
  readonly overflows: number;
  readonly drops: number;
  readonly overflowsPerSecond: number;
  readonly windowSeconds: number;
}

export interface AcceptWatch {
  /** Reads the queues and the counters; about 0.5 ms. */
  read(atMs: number): void;
  rediscover(): void;
  /** Given to `listen`, by port. */
  setBacklogs(backlogs: ReadonlyMap<number, number>): void;
  /** Most waiting first; undefined where the kernel does not tell. */
  queues(): readonly AcceptQueue[] | undefined;
  /** Whether a connection waited when they were last read: all that is asked each second. */
  hasWaiting(): boolean;
  overflows(windowMs: number): Overflows | undefined;
}

/** `server.listen` without a backlog. */
const NODE_DEFAULT = 511;
export const NEAR_LIMIT_SHARE = 0.8;
/** The queue stands still for so many readings while the kernel counts overflows in each: that is its limit. */
const STANDING_READINGS = 3;
const MINUTE_MS = 60_000;
const CAPACITY = 900;

interface Reading {
  readonly atMs: number;
  readonly listeners: readonly Listener[];
  readonly counters: ListenCounters | undefined;
}

export function createAcceptWatch(root: string): AcceptWatch {
  const listeners = createListeners(root);
  const observed = new Map<string, number>();
  let backlogs: ReadonlyMap<number, number> = new Map();
  let isKnown = true;
  let readings: Reading[] = [];
  const most = numberIn(join(root, 'proc/sys/net/core/somaxconn')) ?? Number.POSITIVE_INFINITY;
  const limitOf = ({ address, port }: Listener): Pick<AcceptQueue, 'limit' | 'limitSource'> => {
    const given = backlogs.get(port);
    if (given !== undefined && given > 0)
      return { limit: Math.min(given, most), limitSource: 'listen-options' };
    const seen = observed.get(address);
    if (seen !== undefined) return { limit: seen, limitSource: 'observed' };
    return { limit: Math.min(NODE_DEFAULT, most), limitSource: 'assumed' };
  };
  return {
    read(atMs) {
      const found = listeners.read();
      isKnown = found !== undefined;
      readings.push({ atMs, listeners: found ?? [], counters: countersIn(root) });
      if (readings.length >= 2 * CAPACITY) readings = readings.slice(-CAPACITY);
      for (const [address, limit] of standing(readings.slice(-STANDING_READINGS)))
        observed.set(address, limit);
    },
    rediscover() {
      listeners.rediscover();
      observed.clear();
    },
    setBacklogs(given) {
      backlogs = given;
    },
    queues: () => (isKnown ? queuesOf(readings, limitOf) : undefined),
    hasWaiting: () => (readings.at(-1)?.listeners ?? []).some(({ waiting }) => waiting > 0),
    overflows: (windowMs) => overflowsOf(readings, windowMs),
  };
}

function queuesOf(
  readings: readonly Reading[],
  limitOf: (listener: Listener) => Pick<AcceptQueue, 'limit' | 'limitSource'>,
): readonly AcceptQueue[] {
  const newest = readings.at(-1);
  const recent = readings.filter(({ atMs }) => atMs >= (newest?.atMs ?? 0) - MINUTE_MS);
  const queues = (newest?.listeners ?? []).map((listener): AcceptQueue => {
    const limit = limitOf(listener);
    const waiting = recent.map(
      ({ listeners }) => listeners.find(({ address }) => address === listener.address)?.waiting ?? 0,
    );
    const calm = waiting.findLastIndex((count) => count < NEAR_LIMIT_SHARE * limit.limit);
    const nearSinceMs = recent[calm + 1]?.atMs;
    return {
      ...listener,
      ...limit,
      highest1m: Math.max(...waiting),
      nearLimitMs: nearSinceMs === undefined ? 0 : (newest?.atMs ?? 0) - nearSinceMs,
    };
  });
  return queues.sort((a, b) => b.waiting - a.waiting || b.highest1m - a.highest1m);
}

/** Queues that did not move while connections were turned away in each of the readings. */
function standing(readings: readonly Reading[]): readonly (readonly [string, number])[] {
  const overflowing = readings.every(
    ({ counters }, i) =>
      i === 0 || (counters?.overflows ?? 0) > (readings[i - 1]?.counters?.overflows ?? Infinity),
  );
  if (readings.length < STANDING_READINGS || !overflowing) return [];
  const [newest] = readings.slice(-1);
  return (newest?.listeners ?? [])
    .filter(
      ({ address, waiting }) =>
        waiting > 0 &&
        readings.every(
          ({ listeners }) => listeners.find((one) => one.address === address)?.waiting === waiting,
        ),
    )
    .map(({ address, waiting }) => [address, waiting] as const);
}

function overflowsOf(readings: readonly Reading[], windowMs: number): Overflows | undefined {
  const newest = readings.at(-1);
  const first = readings.find(({ atMs }) => atMs >= (newest?.atMs ?? 0) - windowMs);
  if (newest?.counters === undefined || first?.counters === undefined) return undefined;
  const seconds = (newest.atMs - first.atMs) / 1_000;
  const overflows = newest.counters.overflows - first.counters.overflows;
  return {
    overflows,
    drops: newest.counters.drops - first.counters.drops,
    overflowsPerSecond: seconds === 0 ? 0 : overflows / seconds,
    windowSeconds: seconds,
  };
}

function countersIn(root: string): ListenCounters | undefined {
  try {
    return parseListenCounters(readFileSync(join(root, 'proc/self/net/netstat'), 'latin1'));
  } catch {
    return undefined;
  }
}

function numberIn(path: string): number | undefined {
  try {
    return Number(readFileSync(path, 'latin1'));
  } catch {
    return undefined;
  }
}
