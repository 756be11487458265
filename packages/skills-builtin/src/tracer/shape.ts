// The shape of an argument: its type, length and keys, never its value. Runs on main, so it must not run the app's code:
// no getter, no proxy, no conversion. Pure.
import { isMap, isProxy, isSet } from 'node:util/types';

const MAX_KEYS = 8;
const MAX_ARGUMENTS = 8;
const MAX_CLASS_CHARS = 40;
/** A key that may be data (a token, an address, an id) is not told. */
const PLAIN_KEY = /^[A-Za-z_$][A-Za-z_$]{0,30}\d{0,2}$/;

/** Stands for a parameter that is taken apart in the function's head, and so has no name to be read by. */
export const HIDDEN: symbol = Symbol('hidden');

/** `(string(9..16), Order{id: number, lines: Array(2)})` */
export function shapeOfArguments(values: ArrayLike<unknown>): string {
  const shapes = Array.from({ length: Math.min(values.length, MAX_ARGUMENTS) }, (_, at) =>
    shapeOf(values[at], 1),
  );
  if (values.length > MAX_ARGUMENTS) shapes.push(`+${values.length - MAX_ARGUMENTS} more`);
  return `(${shapes.join(', ')})`;
}

/** @param depth how many levels of keys are told with their types */
export function shapeOf(value: unknown, depth: number): string {
  if (value === null) return 'null';
  if (value === HIDDEN) return 'destructured';
  if (typeof value === 'string') return `string(${bucket(value.length)})`;
  if (typeof value !== 'object') return typeof value;
  if (isProxy(value)) return 'Proxy';
  if (Array.isArray(value)) return arrayShape(value, depth);
  if (ArrayBuffer.isView(value)) return `${className(value)}(${bucket(value.byteLength)} bytes)`;
  if (isMap(value) || isSet(value)) return `${className(value)}(${bucket(sizeOf(value))})`;
  return objectShape(value, depth);
}

const sizeOfMap = Object.getOwnPropertyDescriptor(Map.prototype, 'size')?.get;
const sizeOfSet = Object.getOwnPropertyDescriptor(Set.prototype, 'size')?.get;

/** Not by its own `size`, which the app may have replaced. */
const sizeOf = (value: object): number => Number((isMap(value) ? sizeOfMap : sizeOfSet)?.call(value));

function arrayShape(values: readonly unknown[], depth: number): string {
  const length = `Array(${bucket(values.length)})`;
  const first = depth > 0 ? dataOf(values, '0') : undefined;
  return first === undefined ? length : `${length} of ${shapeOf(first.value, 0)}`;
}

function objectShape(value: object, depth: number): string {
  const name = className(value);
  if (depth === 0) return name;
  const keys = Object.keys(value);
  const plain = keys.filter((key) => PLAIN_KEY.test(key)).slice(0, MAX_KEYS);
  const told = plain.map((key) => {
    const data = dataOf(value, key);
    return `${key}: ${data === undefined ? 'accessor' : shapeOf(data.value, depth - 1)}`;
  });
  const rest = keys.length - plain.length;
  if (rest > 0) told.push(`+${rest} ${rest === 1 ? 'key' : 'keys'}`);
  return `${name}{${told.join(', ')}}`;
}

/** Its class by the prototype's own `constructor`; `Object` where that is not told. */
export function className(value: object): string {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === null || isProxy(prototype)) return 'Object';
  const made = dataOf(prototype, 'constructor')?.value;
  if (typeof made !== 'function' || isProxy(made)) return 'Object';
  const name = dataOf(made, 'name')?.value;
  return typeof name === 'string' && name !== '' ? name.slice(0, MAX_CLASS_CHARS) : 'Object';
}

/** Undefined for an accessor, and where there is none. */
function dataOf(holder: object, key: string): { readonly value: unknown } | undefined {
  const descriptor = Object.getOwnPropertyDescriptor(holder, key);
  return descriptor !== undefined && 'value' in descriptor ? { value: descriptor.value } : undefined;
}

/** Lengths as powers of two, so that calls of one shape are counted together: `0`, `1`, `2`, `3..4`, `5..8`. */
export function bucket(length: number): string {
  if (length <= 2) return String(length);
  const upper = 2 ** Math.ceil(Math.log2(length));
  return `${upper / 2 + 1}..${upper}`;
}
