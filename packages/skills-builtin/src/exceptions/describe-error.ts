// What is told of a thrown value, bounded. It runs on main with whatever the app has thrown, so it calls nothing of the
// app's: no getter, no trap of a proxy, no toString. Only a stack is made as the app wants it made.
import { types } from 'node:util';
import type { JsonObject } from '@nodelens/core';

const MAX_MESSAGE = 500;
const MAX_INNER_MESSAGE = 200;
const MAX_NAME = 100;
const MAX_PROTOTYPES = 8;
/** Causes behind causes, and the errors of an AggregateError. */
const MAX_CAUSES = 3;

const { name: domName, message: domMessage } = Object.getOwnPropertyDescriptors(DOMException.prototype);

/** Own and inherited data of an object; undefined where it is behind a getter or a proxy. */
export function fieldOf(value: unknown, key: string): unknown {
  let owner: unknown = value;
  for (let depth = 0; depth < MAX_PROTOTYPES; depth += 1) {
    if (typeof owner !== 'object' || owner === null || types.isProxy(owner)) return undefined;
    const descriptor = Object.getOwnPropertyDescriptor(owner, key);
    if (descriptor !== undefined) return descriptor.value;
    owner = Object.getPrototypeOf(owner);
  }
  return undefined;
}

/** A text that is not empty, cut. */
export function textOf(value: unknown, maxChars: number = MAX_NAME): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, maxChars) : undefined;
}

/** All but the stack; `kind` and time are not its matter. */
export function describeError(thrown: unknown): JsonObject {
  const causes = causesOf(thrown);
  const related = relatedOf(thrown);
  const status = numberOf(fieldOf(thrown, 'statusCode')) ?? numberOf(fieldOf(thrown, 'status'));
  const type = typeOf(thrown);
  return {
    type,
    code: codeOf(thrown),
    message: messageOf(thrown, MAX_MESSAGE) ?? messageOf(related[0], MAX_MESSAGE) ?? '',
    status,
    ...peerOf([thrown, ...causes, ...related]),
    causes: causes.length === 0 ? undefined : causes.map(summaryOf),
    errors: related.length === 0 ? undefined : related.map(summaryOf),
  };
}

/** The frames of an error's stack; making its text takes 20 us and more, so it is asked for within a budget. */
export function stackOf(thrown: unknown, maxChars: number): string | undefined {
  if (types.isProxy(thrown) || !types.isNativeError(thrown)) return undefined;
  try {
    if (!Object.hasOwn(thrown, 'stack') || typeof thrown.stack !== 'string') return undefined;
    return framesText(thrown.stack, fieldOf(thrown, 'message'), maxChars);
  } catch {
    // An `Error.prepareStackTrace` of the app's, or a getter that it calls.
    return undefined;
  }
}

/** Without the message in front of them: it may be longer than what is kept, and look like frames. */
export function framesText(stack: string, message: unknown, maxChars: number): string | undefined {
  const at = typeof message === 'string' && message !== '' ? stack.indexOf(message) : -1;
  const from = stack.indexOf('\n    at ', at === -1 ? 0 : at + String(message).length);
  return from === -1 ? undefined : stack.slice(from, from + maxChars);
}

const summaryOf = (thrown: unknown): JsonObject => ({
  type: typeOf(thrown),
  code: codeOf(thrown),
  message: messageOf(thrown, MAX_INNER_MESSAGE) ?? '',
});

function typeOf(thrown: unknown): string {
  if (thrown === null) return 'null';
  if (typeof thrown !== 'object') return typeof thrown;
  if (types.isProxy(thrown)) return 'proxy';
  const name = isDomException(thrown) ? textOf(domName?.get?.call(thrown)) : textOf(fieldOf(thrown, 'name'));
  if (types.isNativeError(thrown) && name !== undefined && name !== 'Error') return name;
  // A class of the app's that has not set a name.
  const maker = fieldOf(thrown, 'constructor');
  const made = typeof maker === 'function' && !types.isProxy(maker) ? nameOfFunction(maker) : undefined;
  return made ?? name ?? 'object';
}

const nameOfFunction = (maker: object): string | undefined =>
  textOf(Object.getOwnPropertyDescriptor(maker, 'name')?.value);

const isDomException = (thrown: object): boolean =>
  types.isNativeError(thrown) && Object.prototype.isPrototypeOf.call(DOMException.prototype, thrown);

function codeOf(thrown: unknown): string | undefined {
  const code = fieldOf(thrown, 'code');
  return textOf(typeof code === 'number' ? String(code) : code);
}

function messageOf(thrown: unknown, maxChars: number): string | undefined {
  if (typeof thrown === 'symbol') return 'a symbol';
  if (typeof thrown === 'function') return 'a function';
  if (typeof thrown !== 'object') return thrown === undefined ? undefined : String(thrown).slice(0, maxChars);
  if (thrown === null || types.isProxy(thrown)) return undefined;
  return textOf(
    isDomException(thrown) ? domMessage?.get?.call(thrown) : fieldOf(thrown, 'message'),
    maxChars,
  );
}

function causesOf(thrown: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  let cause = fieldOf(thrown, 'cause');
  while (cause !== undefined && cause !== thrown && causes.length < MAX_CAUSES && !causes.includes(cause)) {
    causes.push(cause);
    cause = fieldOf(cause, 'cause');
  }
  return causes;
}

/** The first errors of an AggregateError. */
function relatedOf(thrown: unknown): readonly unknown[] {
  const errors = fieldOf(thrown, 'errors');
  if (types.isProxy(errors) || !Array.isArray(errors) || !types.isNativeError(thrown)) return [];
  const related: unknown[] = [];
  for (let index = 0; index < Math.min(errors.length, MAX_CAUSES); index += 1)
    related.push(Object.getOwnPropertyDescriptor(errors, index)?.value);
  return related;
}

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** Whom the first of them that names one could not reach. Errors of `listen` and `bind` carry an address of our own. */
function peerOf(errors: readonly unknown[]): JsonObject {
  for (const error of errors) {
    const syscall = fieldOf(error, 'syscall');
    const host =
      textOf(fieldOf(error, 'hostname')) ??
      textOf(fieldOf(error, 'address')) ??
      textOf(fieldOf(error, 'host'));
    if (host === undefined || syscall === 'listen' || syscall === 'bind') continue;
    const port = fieldOf(error, 'port');
    const code = codeOf(error);
    return { peer: typeof port === 'number' ? joinHost(host, port) : host, ...(code && { peerCode: code }) };
  }
  return {};
}

/** `[::1]:80`, `db:5432` */
export const joinHost = (host: string, port: number): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
