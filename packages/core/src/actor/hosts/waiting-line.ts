// Who waits for a pooled thread. Callers take turns, so that one who asks for much does not keep others waiting; what
// one caller asked for goes in the order in which it came.

export class WaitingLine<T> {
  /** In the order of their turns. */
  readonly #callers = new Map<string, T[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Whose turn it is. */
  get first(): T | undefined {
    const [items] = this.#callers.values();
    return items?.[0];
  }

  add(caller: string, item: T): void {
    const own = this.#callers.get(caller);
    if (own === undefined) this.#callers.set(caller, [item]);
    else own.push(item);
    this.#size += 1;
  }

  /** Takes the first one out; its caller's next turn comes after everybody else's. */
  take(): T | undefined {
    const [entry] = this.#callers;
    if (entry === undefined) return undefined;
    const [caller, [item, ...rest]] = entry;
    this.#callers.delete(caller);
    if (rest.length > 0) this.#callers.set(caller, rest);
    this.#size -= 1;
    return item;
  }

  /** Takes one out whose turn has not come; the turns of the others stay. */
  remove(caller: string, item: T): boolean {
    const own = this.#callers.get(caller) ?? [];
    const index = own.indexOf(item);
    if (index < 0) return false;
    own.splice(index, 1);
    if (own.length === 0) this.#callers.delete(caller);
    this.#size -= 1;
    return true;
  }

  [Symbol.iterator](): IterableIterator<T> {
    return [...this.#callers.values()].flat().values();
  }
}
