// A cache that is bounded in number and in time; the oldest entry goes first.

export interface ExpiringCache<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  readonly size: number;
}

export function expiringCache<V>(limits: {
  readonly capacity: number;
  readonly ttlMs: number;
}): ExpiringCache<V> {
  const entries = new Map<string, { readonly value: V; readonly until: number }>();
  return {
    get size() {
      return entries.size;
    },
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      if (entry.until >= Date.now()) return entry.value;
      entries.delete(key);
      return undefined;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, { value, until: Date.now() + limits.ttlMs });
      const oldest = entries.keys().next().value;
      if (entries.size > limits.capacity && oldest !== undefined) entries.delete(oldest);
    },
  };
}
