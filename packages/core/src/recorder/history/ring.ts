// A bounded history: the newest events, the oldest fall out.
import type { History } from '../context.ts';

export interface Ring<T> extends History<T> {
  push(item: T): void;
  /** Puts `item` in the place of `old`, if that is still there. */
  replace(old: T, item: T): void;
}

export interface RingOptions<T> {
  readonly capacity: number;
  /** Wall-clock ms of an item; items are pushed in the order of it. */
  readonly timeOf: (item: T) => number;
}

export function createRing<T>({ capacity, timeOf }: RingOptions<T>): Ring<T> {
  // Oldest first; trimmed in bulk, so that a push is O(1) on average.
  let items: T[] = [];
  return {
    push(item) {
      items.push(item);
      if (items.length >= capacity * 2) items = items.slice(-capacity);
    },
    replace(old, item) {
      const at = items.lastIndexOf(old);
      if (at !== -1) items[at] = item;
    },
    newest(limit = capacity) {
      return items.slice(-Math.min(limit, capacity) || items.length).reverse();
    },
    since(windowMs) {
      const from = Date.now() - windowMs;
      const found: T[] = [];
      for (let i = items.length - 1; i >= 0 && found.length < capacity; i--) {
        const item = items[i] as T;
        if (timeOf(item) < from) break;
        found.push(item);
      }
      return found;
    },
  };
}
