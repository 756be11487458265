// What is kept between requests. In memory here; the same as the store on Redis that other services use.

export function createStore({ capacity }) {
  const entries = new Map();
  return {
    async get(key) {
      const entry = entries.get(key);
      if (entry === undefined) throw new Error(`nothing is kept for ${key}`);
      return entry;
    },
    async put(key, entry) {
      entries.delete(key);
      entries.set(key, entry);
      if (entries.size > capacity) entries.delete(entries.keys().next().value);
    },
  };
}
