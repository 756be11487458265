// How long requests of each route have taken to finish, of the events that the probe `requests` tells: what tells a
// request that is stuck from one that is meant to stay open (a long poll, a stream of events). Bounded.
import type { JsonObject } from '@nodelens/core';
import { numberOf, textOf } from '../evidence.ts';
import { median } from '../statistics.ts';

export interface Routes {
  add(event: JsonObject): void;
  /** The usual duration of a side's route; undefined when fewer than five of it have finished. */
  usualMs(side: string, route: string): number | undefined;
}

const MAX_ROUTES = 300;
const DURATIONS_KEPT = 32;
const ENOUGH = 5;
const MAX_CHARS = 200;

/** `/orders/42?x` and `/orders/43` are one: parts with a digit are taken for names of things. */
export function routeOf(target: string): string {
  const [, origin = '', path = ''] = /^([a-z0-9+.-]+:\/\/[^/]*)?(.*)$/is.exec(target) ?? [];
  const parts = path.split('/').map((part) => (/\d/.test(part) ? ':id' : part));
  return `${origin}${parts.join('/')}`.slice(0, MAX_CHARS);
}

export function createRoutes(): Routes {
  const durations = new Map<string, number[]>();
  return {
    add(event) {
      // What was cut off by the client says nothing of how long the service takes.
      // Nor does what failed, which may have waited for long or not at all.
      if (event.error !== undefined || numberOf(event.status) >= 500) return;
      const key = `${textOf(event.side)} ${routeOf(textOf(event.target))}`;
      const known = durations.get(key) ?? [];
      known.push(numberOf(event.durationMs));
      if (known.length > DURATIONS_KEPT) known.shift();
      // The one that has not been seen for longest is the first.
      durations.delete(key);
      durations.set(key, known);
      if (durations.size > MAX_ROUTES) durations.delete(durations.keys().next().value as string);
    },
    usualMs(side, route) {
      const known = durations.get(`${side} ${route}`) ?? [];
      return known.length < ENOUGH ? undefined : median(known);
    },
  };
}
