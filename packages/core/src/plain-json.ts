// What a skill returns, made into JSON or refused: nothing is silently dropped or turned into `{}`. And the size
// cap, which cuts inside the value (longest lists and texts first) and says at each cut what was left out.
import type { JsonObject, JsonValue } from './json.ts';

const MAX_DEPTH = 64;

/** A value as JSON, or the reason why it is none, with the path to the part that is to blame. */
export type PlainJson =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly reason: string };

/** Copies `value` into plain JSON. Dates and other objects with `toJSON` are asked for it; undefined becomes null. */
export function toPlainJson(value: unknown): PlainJson {
  try {
    return { ok: true, value: copy(value, 'the result', []) };
  } catch (error) {
    return {
      ok: false,
      reason: error instanceof Refusal ? error.message : 'it could not be read (a getter threw).',
    };
  }
}

class Refusal extends Error {}

function copy(value: unknown, path: string, parents: readonly object[]): JsonValue {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'undefined':
      return null;
    case 'number':
      if (Number.isFinite(value)) return value;
      throw new Refusal(`${path} is ${value}.`);
    case 'object':
      return value === null ? null : copyObject(value, path, parents);
    default:
      throw new Refusal(`${path} is a ${typeof value}.`);
  }
}

function copyObject(value: object, path: string, parents: readonly object[]): JsonValue {
  if (parents.includes(value)) throw new Refusal(`${path} refers back to a part that contains it.`);
  if (parents.length >= MAX_DEPTH) throw new Refusal(`${path} is nested more than ${MAX_DEPTH} levels deep.`);
  const inside = [...parents, value];
  if (Array.isArray(value)) return value.map((item, index) => copy(item, `${path}[${index}]`, inside));
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return copy(toJSON.call(value), path, inside);
  const prototype: unknown = Object.getPrototypeOf(value);
  // Objects of another realm (a sandbox, a test runner) have another Object.prototype; theirs has no parent either.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    throw new Refusal(
      `${path} is a ${value.constructor?.name || 'class instance'}; return a plain object or list.`,
    );
  const result: Record<string, JsonValue> = {};
  for (const [key, part] of Object.entries(value))
    if (part !== undefined) define(result, key, copy(part, `${path}.${key}`, inside));
  return result;
}

/** Assignment that also works for a key named `__proto__`. */
function define(target: Record<string, JsonValue>, key: string, value: JsonValue): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Size of a value as JSON text, in bytes. */
export const jsonBytes = (value: JsonValue): number => Buffer.byteLength(JSON.stringify(value));

/** Steps of cutting: most items of a list (or fields of an object), and most characters of a text. */
const CUTS: readonly (readonly [items: number, characters: number])[] = [
  [1_000, 8_000],
  [300, 4_000],
  [100, 2_000],
  [50, 1_000],
  [20, 500],
  [10, 200],
  [5, 100],
];

/** `value` itself when it is small enough, else a copy cut until it is at most `maxBytes` of JSON. */
export function capJson(value: JsonValue, maxBytes: number): JsonValue {
  if (jsonBytes(value) <= maxBytes) return value;
  for (const [items, characters] of CUTS) {
    const cut = cutTo(value, items, characters);
    if (jsonBytes(cut) <= maxBytes) return cut;
  }
  // Deep and wide at once: only the beginning can be shown.
  return `${JSON.stringify(value).slice(0, Math.floor(maxBytes / 4))}… (cut: the result was over ${maxBytes} bytes)`;
}

function cutTo(value: JsonValue, items: number, characters: number): JsonValue {
  if (typeof value === 'string') {
    if (value.length <= characters) return value;
    return `${value.slice(0, characters)}… (cut: ${value.length - characters} more characters)`;
  }
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const kept: JsonValue[] = value.slice(0, items).map((item) => cutTo(item, items, characters));
    return value.length <= items ? kept : [...kept, `… (cut: ${value.length - items} more items)`];
  }
  const entries = Object.entries(value as JsonObject);
  const result: Record<string, JsonValue> = {};
  for (const [key, part] of entries.slice(0, items))
    define(result, key, cutTo(part ?? null, items, characters));
  if (entries.length > items) define(result, '…', `cut: ${entries.length - items} more fields`);
  return result;
}
