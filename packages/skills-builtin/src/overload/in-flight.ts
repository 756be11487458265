// What is in flight right now, by route and by peer, beside how long such a request usually takes. Pure.
import type { JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, textOf } from '../evidence.ts';
import { median } from '../statistics.ts';
import { type Routes, routeOf } from './routes.ts';

export interface InFlightGroup {
  readonly side: 'server' | 'client';
  /** `GET /orders/:id` of a server, `GET http://prices:8080/quote` of a client. */
  readonly route: string;
  /** `http://prices:8080`, of a client. */
  readonly peer: string | null;
  readonly count: number;
  readonly oldestMs: number;
  readonly medianAgeMs: number;
  /** How long those that finished took; null when too few have. */
  readonly usualMs: number | null;
  /** Far older than it usually gets; not told of routes whose usual time is unknown. */
  readonly isStuck: boolean;
  /** How long those took that finished before requests began to pile up; null when too few had. */
  readonly usualBeforeMs: number | null;
  /** Far older than they got before that: some still finish, but late. */
  readonly isSlowed: boolean;
  /** Of a client: not sent yet, for want of a connection. */
  readonly notSent: number;
  /** Of a client: the answer has begun, and goes on (a stream). */
  readonly receiving: number;
}

/** So many of the oldest are looked at. */
export const LOOKED_AT = 500;
const MAX_GROUPS = 20;
/** At the median five times as old as usual, and not only by a little. */
const STUCK_FACTOR = 5;
const STUCK_MS = 200;

/**
 * Largest groups first.
 * @param answer of the probe `requests`
 * @param calmUntilMs until when no more were in flight than usual
 */
export function groupsOf(
  answer: JsonValue,
  routes: Omit<Routes, 'add'>,
  calmUntilMs: number,
): readonly InFlightGroup[] {
  const groups = Map.groupBy(listOf(answer), ({ side, method, target }) =>
    [textOf(side), textOf(method), routeOf(textOf(target))].join(' '),
  );
  return [...groups.values()]
    .map((flights) => groupOf(flights, routes, calmUntilMs))
    .sort((a, b) => b.count - a.count)
    .slice(0, MAX_GROUPS);
}

function groupOf(
  flights: readonly JsonObject[],
  routes: Omit<Routes, 'add'>,
  calmUntilMs: number,
): InFlightGroup {
  const [first = {}] = flights;
  const side = first.side === 'client' ? 'client' : 'server';
  const route = routeOf(textOf(first.target));
  const ages = flights.map(({ ageMs }) => numberOf(ageMs));
  const medianAgeMs = median(ages);
  const usualMs = routes.usualMs(side, route);
  const usualBeforeMs = routes.usualBeforeMs(side, route, calmUntilMs);
  const isFarAbove = (known: number | undefined): boolean =>
    known !== undefined && medianAgeMs >= Math.max(STUCK_MS, STUCK_FACTOR * known);
  return {
    side,
    route: `${textOf(first.method)} ${route}`,
    peer: side === 'client' ? (/^[a-z0-9+.-]+:\/\/[^/]+/i.exec(route)?.[0] ?? route) : null,
    count: flights.length,
    oldestMs: Math.max(...ages),
    medianAgeMs: Math.round(medianAgeMs),
    usualMs: rounded(usualMs),
    isStuck: isFarAbove(usualMs),
    usualBeforeMs: rounded(usualBeforeMs),
    isSlowed: isFarAbove(usualBeforeMs),
    notSent: flights.filter(({ state }) => state === 'waiting').length,
    receiving: flights.filter(({ state }) => state === 'receiving').length,
  };
}

const rounded = (ms: number | undefined): number | null =>
  ms === undefined ? null : Math.round(ms * 10) / 10;
