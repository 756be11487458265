// The large requests that the probe `requests` told, the latest of them; and by route, with what went on beside them.
// To upload, download and export is what servers are for: none of this is a fault by itself.
import type { JsonObject, ProbeFeed } from '@nodelens/core';
import { numberOf, textOf } from '../evidence.ts';
import { routeOf } from '../requests/route-name.ts';
import { slot } from '../requests/slots.ts';
import { max } from '../statistics.ts';
import { isWithin, type VmEvent, type VmEventType } from './event.ts';

const KEPT = 500;
/** What a request leaves behind is collected, and seen in the samples of a second, only after it. Our choice. */
const AFTER_MS = 2_000;
const LEADS: readonly VmEventType[] = ['stall', 'long-gc', 'rss-jump'];

export interface LargeRequests {
  /** In no order. */
  all(): readonly VmEvent[];
  /** How many were left out for their number, since the start. */
  untold(): number;
}

/** @param feed of the probe `requests` */
export function keepLargeRequests(feed: ProbeFeed): LargeRequests {
  let kept: VmEvent[] = [];
  feed.onEvent((event) => {
    if (event.side !== 'server' || typeof event.requestBytes !== 'number') return;
    kept.push(eventOf(event));
    // In bulk, so that a flood costs no copy for each.
    if (kept.length >= 2 * KEPT) kept = kept.slice(-KEPT);
  });
  return {
    all: () => kept.slice(-KEPT),
    untold: () => feed.numbers[slot.serverLargeUntold] ?? 0,
  };
}

function eventOf({ method, target, status, error, durationMs, ...event }: JsonObject): VmEvent {
  const path = textOf(target);
  return {
    type: 'large-request',
    // It is told at its end.
    atMs: Math.round(numberOf(event.atMs) - numberOf(durationMs)),
    durationMs: numberOf(durationMs),
    facts: {
      route: `${textOf(method)} ${routeOf(path)}`,
      path,
      requestBytes: numberOf(event.requestBytes),
      responseBytes: numberOf(event.responseBytes),
      ...(status !== undefined && { status }),
      ...(error !== undefined && { error }),
    },
  };
}

const sizeOf = ({ facts }: VmEvent): number =>
  Math.max(numberOf(facts.requestBytes), numberOf(facts.responseBytes));

/** The larger direction of the largest; 0 without one. */
export const largestBytes = (events: readonly VmEvent[]): number =>
  max(events.filter(isLargeRequest).map(sizeOf));

const isLargeRequest = ({ type }: VmEvent): boolean => type === 'large-request';

export const largestFirst = (a: VmEvent, b: VmEvent): number => sizeOf(b) - sizeOf(a);

/**
 * At most `limit`, in their order. A server of files has a large request every moment: where there is more to tell, they
 * get half of the places.
 *
 * @param order which of them are told first; without it, as they come
 */
export function withoutFlood(
  events: readonly VmEvent[],
  limit: number,
  order: (a: VmEvent, b: VmEvent) => number = () => 0,
): readonly VmEvent[] {
  const large = events.filter(isLargeRequest);
  const room = Math.max(Math.ceil(limit / 2), limit - (events.length - large.length));
  const told = new Set(large.toSorted(order).slice(0, room));
  return events.filter((event) => !isLargeRequest(event) || told.has(event)).slice(0, limit);
}

/** By route, those with most leads first, then the largest. @param events newest first */
export function largeRoutesOf(events: readonly VmEvent[], nowMs: number): readonly JsonObject[] {
  const leads = events.filter(({ type }) => LEADS.includes(type));
  const groups = Map.groupBy(events.filter(isLargeRequest), ({ facts }) => textOf(facts.route));
  return [...groups]
    .map(([route, group]) => ({
      route,
      count: group.length,
      largestRequestBytes: max(group.map(({ facts }) => numberOf(facts.requestBytes))),
      largestResponseBytes: max(group.map(({ facts }) => numberOf(facts.responseBytes))),
      longestMs: max(group.map(({ durationMs = 0 }) => durationMs)),
      newestAgoMs: Math.max(0, nowMs - (group[0]?.atMs ?? nowMs)),
      withLead: group.filter((one) => leads.some((lead) => isBeside(one, lead))).length,
    }))
    .sort(
      (a, b) =>
        b.withLead - a.withLead ||
        Math.max(b.largestRequestBytes, b.largestResponseBytes) -
          Math.max(a.largestRequestBytes, a.largestResponseBytes),
    );
}

/** While the request was served, or shortly after. */
const isBeside = ({ atMs, durationMs = 0 }: VmEvent, lead: VmEvent): boolean =>
  isWithin(lead, atMs, atMs + durationMs + AFTER_MS);
