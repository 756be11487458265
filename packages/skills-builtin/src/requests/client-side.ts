// What all ways of asking share: a request waits until it is sent, is answered, and has ended.
import { Flight } from './flights.ts';
import { now, type Side, type TargetOf } from './side.ts';
import { slot } from './slots.ts';

export class ClientSide {
  readonly side: Side;
  readonly #numbers: Float64Array;
  readonly #targetOf: TargetOf;

  constructor(numbers: Float64Array, side: Side, targetOf: TargetOf) {
    this.side = side;
    this.#numbers = numbers;
    this.#targetOf = targetOf;
  }

  begin(method: string, url: string): Flight {
    const flight = new Flight();
    flight.method = method;
    flight.url = url;
    this.side.begin(flight, now());
    this.#wait(1);
    return flight;
  }

  sent(flight: Flight): void {
    if (!flight.isOpen || flight.sentAt > 0) return;
    flight.sentAt = now();
    this.#wait(-1);
  }

  /** The headers of the answer. */
  answered(flight: Flight, status: number): void {
    if (!flight.isOpen || flight.answeredAt > 0) return;
    this.sent(flight);
    flight.status = status;
    flight.answeredAt = now();
    this.side.measure(flight, flight.answeredAt);
  }

  finish(flight: Flight): void {
    if (!flight.isOpen) return;
    this.#stopWaiting(flight);
    this.side.finish(flight, flight.status, now(), this.#targetOf);
  }

  fail(flight: Flight, error: unknown): void {
    if (!flight.isOpen) return;
    this.#stopWaiting(flight);
    this.side.fail(flight, codeOf(error), now(), this.#targetOf);
  }

  #stopWaiting(flight: Flight): void {
    if (flight.sentAt === 0) this.#wait(-1);
  }

  #wait(by: number): void {
    this.#numbers[slot.clientWaiting] = (this.#numbers[slot.clientWaiting] ?? 0) + by;
  }
}

interface ErrorLike {
  readonly code?: unknown;
  readonly name?: unknown;
  readonly cause?: ErrorLike;
  readonly errors?: readonly ErrorLike[];
}

/** `ECONNREFUSED`, or the name of the error. */
function codeOf(error: unknown): string {
  if (typeof error === 'string') return error;
  const { code, name, cause, errors } = (error ?? {}) as ErrorLike;
  const known = [code, cause?.code, errors?.[0]?.code, name].find(
    (one) => typeof one === 'string' && one !== '',
  );
  return typeof known === 'string' ? known : 'error';
}
