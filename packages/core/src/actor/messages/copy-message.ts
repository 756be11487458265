// Copies a message as a thread would, but cheaply for plain JSON: so that sender and actor never share an object, and
// what is sent later (batched) is what it was when it was sent.

/** Deeper than any message of ours; what refers to itself gets here and is left to the structured clone. */
const MAX_DEPTH = 64;

/** @throws DataCloneError for what no thread takes: functions, symbols, promises, ports … */
export function copyMessage(value: unknown): unknown {
  return copyAt(value, 0);
}

function copyAt(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null)
    return typeof value === 'function' || typeof value === 'symbol' ? structuredClone(value) : value;
  if (depth > MAX_DEPTH) return structuredClone(value);
  if (Array.isArray(value)) return copyArray(value, depth);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return structuredClone(value);
  // A spread copies all values at once, which is far cheaper than key by key; only objects need more.
  const copy: { [key: string]: unknown } = { ...value };
  for (const key in copy) {
    const held = copy[key];
    if ((typeof held === 'object' && held !== null) || typeof held === 'function' || typeof held === 'symbol')
      copy[key] = copyAt(held, depth + 1);
  }
  return copy;
}

function copyArray(items: readonly unknown[], depth: number): unknown[] {
  const copy = items.slice();
  for (let at = 0; at < copy.length; at += 1) {
    const held = copy[at];
    if (typeof held === 'object' || typeof held === 'function' || typeof held === 'symbol')
      copy[at] = copyAt(held, depth + 1);
  }
  return copy;
}
