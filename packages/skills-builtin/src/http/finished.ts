// One finished request as the probe told it, with the name that it is counted under.
import type { JsonObject } from '@nodelens/core';
import { numberOf, textOf } from '../evidence.ts';
import { callOf, routeOf } from '../requests/route-name.ts';

export interface Finished {
  readonly side: 'server' | 'client';
  /** `GET /orders/:id` of what is served, `GET http://prices:8080/quote` of what is asked for. */
  readonly name: string;
  readonly method: string;
  readonly target: string;
  /** 0 when there was none. */
  readonly status: number;
  /** Code of what ended it before it was whole; empty otherwise. */
  readonly error: string;
  readonly durationMs: number;
  /** Until a connection was there; 0 of what is served. */
  readonly queuedMs: number;
  readonly atMs: number;
  /** For how many requests it stands. */
  readonly weight: number;
}

export function finishedOf(event: JsonObject): Finished {
  const side = event.side === 'client' ? 'client' : 'server';
  const method = textOf(event.method);
  const target = textOf(event.target);
  return {
    side,
    name: side === 'client' ? callOf(method, target) : `${method} ${routeOf(target)}`,
    method,
    target,
    status: numberOf(event.status),
    error: textOf(event.error),
    durationMs: numberOf(event.durationMs),
    queuedMs: numberOf(event.queuedMs),
    atMs: numberOf(event.atMs),
    weight: numberOf(event.weight, 1),
  };
}

/** What the caller gave up: a response closed before it was sent, an answer that the app itself no longer wanted. */
export const isAborted = ({ side, error }: Finished): boolean =>
  side === 'server' ? error !== '' : error === 'AbortError';

/** A 5xx; of a client also what was never answered whole. */
export const isFailure = (finished: Finished): boolean =>
  finished.status >= 500 || (finished.error !== '' && !isAborted(finished));

export const codeOf = ({ status, error }: Finished): string => (error === '' ? String(status) : error);
