// The arguments of a console call as one short text. Unlike util.inspect it is bounded in depth and width, and calls
// nothing of the app's: no getter, no inspector of a class, no trap of a proxy.
import { types } from 'node:util';
import { stackOf } from '../exceptions/describe-error.ts';

const MAX_TEXT = 1_000;
/** A line of JSON is only of use when it is whole. */
const MAX_JSON = 4_096;
const MAX_ARGUMENTS = 10;
const MAX_PARTS = 8;
const MAX_INNER_TEXT = 200;
const MAX_STACK = 2_000;

export interface ArgumentText {
  readonly text: string;
  /** Of the first error among the arguments. */
  readonly errorName: string | undefined;
  readonly errorStack: string | undefined;
}

export function argumentText(values: readonly unknown[]): ArgumentText {
  const [first, ...others] = values.slice(0, MAX_ARGUMENTS);
  if (typeof first !== 'string') return joined(values.slice(0, MAX_ARGUMENTS));
  if (others.length === 0 && first.startsWith('{'))
    return { text: first.slice(0, MAX_JSON), errorName: undefined, errorStack: undefined };
  const rest = [...others];
  const format = first.slice(0, MAX_TEXT);
  const filled = format.includes('%')
    ? format.replace(/%[sdifjoOc%]/g, (sign) => placeholder(sign, rest))
    : format;
  return joined([filled, ...rest], others);
}

function placeholder(sign: string, rest: unknown[]): string {
  if (sign === '%%') return '%';
  if (rest.length === 0) return sign;
  const value = rest.shift();
  return sign === '%c' ? '' : textOf(value, 1);
}

function joined(parts: readonly unknown[], values: readonly unknown[] = parts): ArgumentText {
  const error = values.map(errorIn).find((found) => found !== undefined);
  return {
    text: parts
      .map((part) => textOf(part, 0))
      .join(' ')
      .slice(0, MAX_TEXT),
    errorName: error && fieldOf(error, 'name')?.slice(0, MAX_INNER_TEXT),
    errorStack: stackOf(error, MAX_STACK),
  };
}

/** The value itself, or what it has in a field (`{ err }`). */
function errorIn(value: unknown): Error | undefined {
  if (types.isProxy(value) || typeof value !== 'object' || value === null) return undefined;
  if (types.isNativeError(value)) return value;
  return ['err', 'error']
    .map((key) => Object.getOwnPropertyDescriptor(value, key)?.value as unknown)
    .find((found) => types.isNativeError(found));
}

/** A text of an object or of its classes; a getter is not called. */
function fieldOf(value: object, key: string): string | undefined {
  let owner: object | null = value;
  for (let depth = 0; owner !== null && depth < 8; depth += 1) {
    if (types.isProxy(owner)) return undefined;
    const descriptor = Object.getOwnPropertyDescriptor(owner, key);
    if (descriptor !== undefined) return typeof descriptor.value === 'string' ? descriptor.value : undefined;
    owner = Object.getPrototypeOf(owner) as object | null;
  }
  return undefined;
}

function textOf(value: unknown, depth: number): string {
  if (typeof value === 'string') return value.slice(0, depth === 0 ? MAX_TEXT : MAX_INNER_TEXT);
  if (typeof value === 'function') return '[function]';
  if (typeof value !== 'object' || value === null) return String(value).slice(0, MAX_INNER_TEXT);
  if (types.isProxy(value)) return '[proxy]';
  if (types.isNativeError(value))
    return `${fieldOf(value, 'name') ?? 'Error'}: ${fieldOf(value, 'message') ?? ''}`.slice(0, MAX_TEXT);
  if (Array.isArray(value)) return listText(value, depth);
  const isPlain = Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain || depth > 1) return '[object]';
  return objectText(value, depth);
}

function listText(values: readonly unknown[], depth: number): string {
  if (depth > 1) return '[list]';
  const shown: string[] = [];
  for (let index = 0; index < Math.min(values.length, MAX_PARTS); index += 1)
    shown.push(textOf(Object.getOwnPropertyDescriptor(values, index)?.value, depth + 1));
  return `[ ${shown.join(', ')}${values.length > MAX_PARTS ? ', …' : ''} ]`;
}

function objectText(value: object, depth: number): string {
  const shown: string[] = [];
  for (const key in value) {
    if (shown.length === MAX_PARTS) {
      shown.push('…');
      break;
    }
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    const text =
      descriptor !== undefined && 'value' in descriptor ? textOf(descriptor.value, depth + 1) : '…';
    shown.push(`${key.slice(0, MAX_INNER_TEXT)}: ${text}`);
  }
  return `{ ${shown.join(', ')} }`;
}
