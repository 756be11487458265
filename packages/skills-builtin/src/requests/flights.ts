// What is in flight on main and has no place of its own (slots.ts), oldest first: a linked list, so that a request costs
// no more than a few assignments.

/** One request. It holds texts and a weak reference: nothing of the app is kept alive by it. Times are performance.now(). */
export class Flight {
  startedAt = 0;
  /** Given to a connection, which an agent of node:http may still be opening; 0 until then. */
  sentAt = 0;
  /** The headers of the answer have come; 0 until then. */
  answeredAt = 0;
  status = 0;
  method = '';
  url = '';
  origin: unknown = undefined;
  request: WeakRef<object> | undefined = undefined;
  /** Of undici: what it was sent on. */
  connection: WeakRef<object> | undefined = undefined;
  isOpen = false;
  /** Position of its place in the numbers; 0 without one: then it is in a list. */
  place = 0;
  /** Bytes of its connection when it began; -1 where no body is looked for. */
  readFrom = -1;
  /** The same when the one behind it began; 0 without one. */
  readTo = 0;
  /** Known at its end, of what a server is asked; 0 until then. */
  requestBytes = 0;
  responseBytes = 0;
  older: Flight | undefined = undefined;
  newer: Flight | undefined = undefined;
  /** Of a server: the one that was asked behind it on the same connection. */
  behind: Flight | undefined = undefined;
}

export class Flights {
  oldest: Flight | undefined = undefined;
  #newest: Flight | undefined = undefined;

  add(flight: Flight): void {
    const before = this.#newest;
    flight.older = before;
    if (before === undefined) this.oldest = flight;
    else before.newer = flight;
    this.#newest = flight;
  }

  remove(flight: Flight): void {
    const { older, newer } = flight;
    if (older === undefined) this.oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    flight.older = undefined;
    flight.newer = undefined;
  }

  /** Oldest first, at most `limit`. */
  list(limit: number): Flight[] {
    const flights: Flight[] = [];
    for (let one = this.oldest; one !== undefined && flights.length < limit; one = one.newer)
      flights.push(one);
    return flights;
  }
}
