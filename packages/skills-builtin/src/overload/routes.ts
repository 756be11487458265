// How long requests of each route have taken to finish, of the events that the probe `requests` tells: what tells a
// request that is stuck from one that is meant to stay open (a long poll, a stream of events). Bounded.
import type { JsonObject } from '@nodelens/core';
import { numberOf, textOf } from '../evidence.ts';
import { median } from '../statistics.ts';

export interface Routes {
  add(event: JsonObject): void;
  /** How long those that finished last took, at the median; undefined when fewer than five have. */
  usualMs(side: string, route: string): number | undefined;
  /** The same of those that had finished by then, as far back as is known: two minutes of a busy route. */
  usualBeforeMs(side: string, route: string, untilMs: number): number | undefined;
}

interface Finished {
  readonly atMs: number;
  readonly durationMs: number;
}

interface Durations {
  readonly last: number[];
  /** Few for a time, so that they reach back beyond what has just become slow. */
  readonly spread: Finished[];
}

const MAX_ROUTES = 300;
const DURATIONS_KEPT = 32;
const SPREAD_KEPT = 240;
const SPREAD_MS = 500;
const ENOUGH = 5;
const MAX_CHARS = 200;

/** `/orders/42?x` and `/orders/43` are one: parts with a digit are taken for names of things. */
export function routeOf(target: string): string {
  const [, origin = '', path = ''] = /^([a-z0-9+.-]+:\/\/[^/]*)?(.*)$/is.exec(target) ?? [];
  const parts = path.split('/').map((part) => (/\d/.test(part) ? ':id' : part));
  return `${origin}${parts.join('/')}`.slice(0, MAX_CHARS);
}

export function createRoutes(): Routes {
  const durations = new Map<string, Durations>();
  return {
    add(event) {
      // What was cut off by the client says nothing of how long the service takes.
      // Nor does what failed, which may have waited for long or not at all.
      if (event.error !== undefined || numberOf(event.status) >= 500) return;
      const key = `${textOf(event.side)} ${routeOf(textOf(event.target))}`;
      const known = durations.get(key) ?? { last: [], spread: [] };
      keep(known, { atMs: numberOf(event.atMs), durationMs: numberOf(event.durationMs) });
      // The one that has not been seen for longest is the first.
      durations.delete(key);
      durations.set(key, known);
      if (durations.size > MAX_ROUTES) durations.delete(durations.keys().next().value as string);
    },
    usualMs: (side, route) => usual(durations.get(`${side} ${route}`)?.last ?? []),
    usualBeforeMs(side, route, untilMs) {
      const { spread = [] } = durations.get(`${side} ${route}`) ?? {};
      return usual(spread.filter(({ atMs }) => atMs <= untilMs).map(({ durationMs }) => durationMs));
    },
  };
}

const usual = (known: readonly number[]): number | undefined =>
  known.length < ENOUGH ? undefined : median(known);

function keep({ last, spread }: Durations, finished: Finished): void {
  last.push(finished.durationMs);
  if (last.length > DURATIONS_KEPT) last.shift();
  if (finished.atMs < (spread.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY) + SPREAD_MS) return;
  spread.push(finished);
  if (spread.length > SPREAD_KEPT) spread.shift();
}
