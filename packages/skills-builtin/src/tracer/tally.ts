// Counts things by a key, a bounded number of different ones. Pure.

export interface Tally<T> {
  add(key: string, make: () => T): void;
  /** Most frequent first. */
  all(): readonly { readonly item: T; readonly count: number }[];
  /** How many were added after there was no room for another key. */
  readonly others: number;
}

export function createTally<T>(capacity: number): Tally<T> {
  const entries = new Map<string, { readonly item: T; count: number }>();
  let others = 0;
  return {
    add(key, make) {
      const known = entries.get(key);
      if (known !== undefined) known.count += 1;
      else if (entries.size < capacity) entries.set(key, { item: make(), count: 1 });
      else others += 1;
    },
    all: () => [...entries.values()].sort((a, b) => b.count - a.count),
    get others() {
      return others;
    },
  };
}
