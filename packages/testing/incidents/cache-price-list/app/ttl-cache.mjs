// Values with an age limit; the oldest goes first when it is full.
export class TtlCache {
  #entries = new Map();
  #maxAgeMs;
  #limit;

  constructor({ maxAgeMs, limit }) {
    this.#maxAgeMs = maxAgeMs;
    this.#limit = limit;
  }

  get(key) {
    const entry = this.#entries.get(key);
    return entry !== undefined && Date.now() - entry.at < this.#maxAgeMs ? entry.value : undefined;
  }

  set(key, value) {
    this.#entries.delete(key);
    if (this.#entries.size >= this.#limit) this.#entries.delete(this.#entries.keys().next().value);
    this.#entries.set(key, { at: Date.now(), value });
  }
}
