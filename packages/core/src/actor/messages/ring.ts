// A queue that costs the same at any length: a circle of slots that doubles when it is full, and gives its memory back
// by halves when it has run empty without having needed much of it.

const FIRST_SLOTS = 16;

export class Ring<T> {
  /** Its length is a power of two, so that a mask finds the slot. */
  #slots: (T | undefined)[] = new Array(FIRST_SLOTS);
  #head = 0;
  #size = 0;
  /** The most that waited since it was empty. */
  #peak = 0;

  get size(): number {
    return this.#size;
  }

  push(item: T): void {
    if (this.#size === this.#slots.length) this.#grow();
    this.#slots[(this.#head + this.#size) & (this.#slots.length - 1)] = item;
    this.#size += 1;
    if (this.#size > this.#peak) this.#peak = this.#size;
  }

  /** Takes the oldest. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const item = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    this.#size -= 1;
    if (this.#size === 0) this.#rest();
    return item;
  }

  /** Takes the newest. */
  pop(): T | undefined {
    if (this.#size === 0) return undefined;
    this.#size -= 1;
    const slot = (this.#head + this.#size) & (this.#slots.length - 1);
    const item = this.#slots[slot];
    this.#slots[slot] = undefined;
    return item;
  }

  /** Takes the oldest that matches, wherever it is; the only operation that looks through the queue. */
  remove(matches: (item: T) => boolean): T | undefined {
    const items = this.drain();
    const index = items.findIndex(matches);
    items.forEach((item, at) => {
      if (at !== index) this.push(item);
    });
    return index < 0 ? undefined : items[index];
  }

  /** Takes all, oldest first. */
  drain(): T[] {
    const items: T[] = [];
    while (this.#size > 0) items.push(this.shift() as T);
    return items;
  }

  #grow(): void {
    const mask = this.#slots.length - 1;
    const grown = new Array<T | undefined>(this.#slots.length * 2);
    for (let at = 0; at < this.#size; at += 1) grown[at] = this.#slots[(this.#head + at) & mask];
    this.#slots = grown;
    this.#head = 0;
  }

  #rest(): void {
    const { length } = this.#slots;
    if (length > FIRST_SLOTS && this.#peak <= length / 4) {
      this.#slots = new Array(length / 2);
      this.#head = 0;
    }
    this.#peak = 0;
  }
}
