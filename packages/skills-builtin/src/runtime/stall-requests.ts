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
  const knownUntilMs = during?.atMs ?? Number.NEGATIVE_INFINITY;
  const stillThereAtMs = after?.atMs ?? Number.POSITIVE_INFINITY;
  const later = [
    ...(after?.requests ?? []),
    ...ended.filter(({ endedAtMs = 0 }) => endedAtMs <= stillThereAtMs),
  ].filter((request) => request.startedAtMs > knownUntilMs);
  return [...(during?.requests ?? []), ...later]
    .filter((request) => {
      const sharedMs = Math.min(toMs, request.endedAtMs ?? toMs) - Math.max(startedAtMs, request.startedAtMs);
      return sharedMs >= SHARED * durationMs;
    })
    .sort((a, b) => b.startedAtMs - a.startedAtMs);
}
