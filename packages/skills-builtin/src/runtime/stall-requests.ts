// Which requests main was serving while it stood still: from what was in flight meanwhile, what still is afterwards, and
// what has ended since. Pure.
import type { JsonObject, JsonValue, Stall } from '@nodelens/core';
import { listOf, numberOf, textOf } from '../evidence.ts';

/** A request that a server of main has got. Times are wall-clock ms. */
export interface ServedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly startedAtMs: number;
  /** Undefined while it is in flight. */
  readonly endedAtMs?: number;
}

/** What was in flight at a moment. */
export interface InFlight {
  readonly atMs: number;
  readonly requests: readonly ServedRequest[];
}

/** What begins or ends in the last moment of a stall has only waited for it: a tenth of it must be shared. */
const SHARED = 0.1;

/** Of the answer to `{ of: 'in-flight' }`. */
export const inFlightOf = (answer: JsonValue, atMs: number): InFlight => ({
  atMs,
  requests: listOf(answer)
    .filter(({ side }) => side === 'server')
    .map(({ method, target, startedAtMs }) => ({
      method: textOf(method),
      path: textOf(target),
      startedAtMs: numberOf(startedAtMs),
    })),
});

/** Of an event of the probe `requests`; undefined for those that main asked for. */
export function endedRequestOf({
  side,
  method,
  target,
  durationMs,
  atMs,
}: JsonObject): ServedRequest | undefined {
  if (side !== 'server') return undefined;
  const endedAtMs = numberOf(atMs);
  return {
    method: textOf(method),
    path: textOf(target),
    startedAtMs: Math.round(endedAtMs - numberOf(durationMs)),
    endedAtMs,
  };
}

export interface Sightings {
  readonly during?: InFlight | undefined;
  readonly after?: InFlight | undefined;
  readonly ended: readonly ServedRequest[];
}

/** Each request once; the last to begin first, for a handler that never waits is the last. */
export function requestsDuring(
  { startedAtMs, durationMs }: Pick<Stall, 'startedAtMs' | 'durationMs'>,
  { during, after, ended }: Sightings,
): readonly ServedRequest[] {
  const toMs = startedAtMs + durationMs;
  const isShared = (request: ServedRequest): boolean =>
    Math.min(toMs, request.endedAtMs ?? toMs) - Math.max(startedAtMs, request.startedAtMs) >=
    SHARED * durationMs;
  return [during?.requests ?? [], after?.requests ?? [], ended]
    .reduce(together)
    .filter(isShared)
    .sort((a, b) => b.startedAtMs - a.startedAtMs);
}

/** Main may lose its core between two readings of the clock. */
const SAME_MS = 25;

/** Adds those that an earlier sighting has not shown; the later sighting of one knows more. */
function together(known: readonly ServedRequest[], seen: readonly ServedRequest[]): readonly ServedRequest[] {
  const all = [...known];
  const matched = new Set<number>();
  for (const request of seen) {
    const at = known.findIndex((one, index) => !matched.has(index) && isSame(one, request));
    if (at === -1) all.push(request);
    else all[at] = request;
    matched.add(at);
  }
  return all;
}

const isSame = (a: ServedRequest, b: ServedRequest): boolean =>
  a.method === b.method && a.path === b.path && Math.abs(a.startedAtMs - b.startedAtMs) <= SAME_MS;
