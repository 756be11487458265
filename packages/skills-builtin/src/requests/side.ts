// One side of HTTP on main, served or asked for: counts, measures, keeps what is in flight and tells what has ended.
// This is the path of every request: assignments and additions only; what is told is put into words only then.
import type { JsonObject } from '@nodelens/core';
import { type Flight, Flights } from './flights.ts';
import { type Rank, Sampling } from './sampling.ts';
import { isLarge } from './sizes.ts';
import { BUCKETS, CLIENT_DURATIONS, SERVER_DURATIONS, slot } from './slots.ts';

// Taken at load: a user's fake timers must not move the times.
export const now: () => number = performance.now.bind(performance);
const wallClock = Date.now;
const timeOrigin = performance.timeOrigin;

export const MAX_TARGET = 300;
const MAX_NAME = 40;

/** Where a side writes. */
export interface Layout {
  readonly side: 'server' | 'client';
  readonly started: number;
  readonly finished: number;
  readonly failed: number;
  readonly status4xx: number;
  readonly status5xx: number;
  readonly oldestAtMs: number;
  readonly durations: number;
}

export const SERVER: Layout = {
  side: 'server',
  started: slot.serverStarted,
  finished: slot.serverFinished,
  failed: slot.serverAborted,
  status4xx: slot.server4xx,
  status5xx: slot.server5xx,
  oldestAtMs: slot.serverOldestAtMs,
  durations: SERVER_DURATIONS,
};

export const CLIENT: Layout = {
  side: 'client',
  started: slot.clientStarted,
  finished: slot.clientFinished,
  failed: slot.clientFailed,
  status4xx: slot.client4xx,
  status5xx: slot.client5xx,
  oldestAtMs: slot.clientOldestAtMs,
  durations: CLIENT_DURATIONS,
};

/** `/orders/7` of a server's, `http://prices:8080/quote` of a client's request. */
export type TargetOf = (flight: Flight) => string;

/** The app's own objects are read for it, whose getters may throw. */
export function targetText(flight: Flight, targetOf: TargetOf): string {
  try {
    return targetOf(flight);
  } catch {
    return '(unreadable)';
  }
}

export class Side {
  readonly flights: Flights = new Flights();
  readonly #numbers: Float64Array;
  readonly #layout: Layout;
  readonly #emit: (event: JsonObject) => void;
  readonly #sampling = new Sampling(now());

  constructor(numbers: Float64Array, layout: Layout, emit: (event: JsonObject) => void) {
    this.#numbers = numbers;
    this.#layout = layout;
    this.#emit = emit;
  }

  begin(flight: Flight, at: number): void {
    flight.startedAt = at;
    flight.isOpen = true;
    this.#count(this.#layout.started);
    if (flight.place > 0) {
      this.#numbers[flight.place] = timeOrigin + at;
      return;
    }
    this.flights.add(flight);
    if (this.flights.oldest === flight) this.#numbers[this.#layout.oldestAtMs] = timeOrigin + at;
  }

  /** How long it took until `at`, into the histogram. */
  measure(flight: Flight, at: number): void {
    // Bucket i holds what took less than 2^i / 4 ms.
    const quarters = Math.min((at - flight.startedAt) * 4, 0x7fffffff) | 0;
    this.#count(this.#layout.durations + Math.min(BUCKETS - 1, 32 - Math.clz32(quarters)));
  }

  finish(flight: Flight, status: number, at: number, targetOf: TargetOf): void {
    const { finished, status4xx, status5xx } = this.#layout;
    this.#leave(flight);
    this.#count(finished);
    if (status >= 400) this.#count(status >= 500 ? status5xx : status4xx);
    const weight = this.#weigh(flight, status >= 500 ? 'severe' : 'plain', at);
    if (weight > 0) this.#tell(flight, { status, weight }, at, targetOf);
  }

  /** @param error its code, or what happened */
  fail(flight: Flight, error: string, at: number, targetOf: TargetOf): void {
    this.#leave(flight);
    this.#count(this.#layout.failed);
    const weight = this.#weigh(flight, 'severe', at);
    const { status } = flight;
    if (weight > 0)
      this.#tell(
        flight,
        { ...(status > 0 && { status }), error: error.slice(0, MAX_NAME), weight },
        at,
        targetOf,
      );
  }

  /** For how many it is to be told. */
  #weigh(flight: Flight, rank: Rank, at: number): number {
    const durationMs = (flight.answeredAt || at) - flight.startedAt;
    const large = isLarge(flight);
    const weight = this.#sampling.weightOf(durationMs, large && rank === 'plain' ? 'large' : rank, at);
    // Only what is asked of a server has sizes.
    if (large && weight === 0) this.#count(slot.serverLargeUntold);
    return weight;
  }

  #leave(flight: Flight): void {
    flight.isOpen = false;
    if (flight.place > 0) {
      this.#numbers[flight.place] = 0;
      return;
    }
    const wasOldest = this.flights.oldest === flight;
    this.flights.remove(flight);
    if (!wasOldest) return;
    const { oldest } = this.flights;
    this.#numbers[this.#layout.oldestAtMs] = oldest === undefined ? 0 : timeOrigin + oldest.startedAt;
  }

  #tell(flight: Flight, outcome: JsonObject, at: number, targetOf: TargetOf): void {
    const { startedAt, sentAt, answeredAt, requestBytes, responseBytes } = flight;
    this.#emit({
      side: this.#layout.side,
      method: flight.method.slice(0, MAX_NAME),
      target: targetText(flight, targetOf),
      ...outcome,
      durationMs: hundredths((answeredAt || at) - startedAt),
      ...(sentAt > 0 && { queuedMs: hundredths(sentAt - startedAt) }),
      ...(answeredAt > 0 && { totalMs: hundredths(at - startedAt) }),
      ...(isLarge(flight) && { requestBytes, responseBytes }),
      atMs: wallClock(),
    });
  }

  #count(index: number): void {
    this.#numbers[index] = (this.#numbers[index] as number) + 1;
  }
}

const hundredths = (value: number): number => Math.round(value * 100) / 100;

/** Without the query, and not longer than `MAX_TARGET`. */
export function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return url.slice(0, Math.min(end === -1 ? url.length : end, MAX_TARGET));
}
