// The one error class of Nodelens, how it is made of a row of the table, and how it crosses a thread or a socket.
import { ERRORS, type ErrorRow } from './error-table.ts';
import type { JsonObject, JsonValue } from './json.ts';

export type ErrorCode = keyof typeof ERRORS;

/** An error as it crosses a thread, a process or a socket. */
export interface WireError {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  readonly data?: JsonObject;
  readonly retryable?: boolean;
  readonly stack?: string;
  readonly cause?: WireError;
}

/** The only error class of Nodelens. Test with {@link isError}; never with instanceof, which fails across copies. */
export class NodelensError extends Error {
  override readonly name: string = 'NodelensError';
  /** Stable identifier, listed in docs/errors.md. */
  readonly code: ErrorCode;
  /** The values that the message was made of. */
  readonly data: JsonObject;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    options: { data: JsonObject; retryable: boolean; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.data = options.data;
    this.retryable = options.retryable;
  }
}

/** Makes (does not throw) the error of a code, its message filled from `data`. */
export function fail(
  code: ErrorCode,
  data: JsonObject = {},
  options: { cause?: unknown } = {},
): NodelensError {
  const { message, retryable = false }: ErrorRow = ERRORS[code];
  const text = message.replace(/\{(\w+)\}/g, (_, key: string) => printable(data[key]));
  return new NodelensError(code, text, { data, retryable, ...options });
}

/** Whether something thrown is a Nodelens error (of that code, if given); by shape, so it survives duplicate packages. */
export function isError(error: unknown, code?: ErrorCode): error is NodelensError {
  if (!(error instanceof Error) || error.name !== 'NodelensError') return false;
  const found = (error as { code?: unknown }).code;
  return typeof found === 'string' && found in ERRORS && (code === undefined || found === code);
}

/** What a thrown value says, whatever was thrown; never throws itself. */
export function reasonOf(error: unknown): string {
  try {
    if (error instanceof Error) return error.message || error.name;
    return typeof error === 'string' ? error : (JSON.stringify(error) ?? String(error));
  } catch {
    return 'a value that cannot be read';
  }
}

/** An error as data, so that class, code and cause survive a thread or a socket. */
export function toWire(error: unknown): WireError {
  if (!(error instanceof Error)) return { name: 'Error', message: reasonOf(error) };
  const { code, data } = error as { code?: unknown; data?: JsonObject };
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === 'string' && { code }),
    ...(isError(error) && { data: data ?? {}, retryable: error.retryable }),
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(error.cause !== undefined && { cause: toWire(error.cause) }),
  };
}

/** The inverse of {@link toWire}: a NodelensError where the code is known, a plain Error otherwise. */
export function fromWire(wire: WireError): Error {
  const cause = wire.cause === undefined ? undefined : fromWire(wire.cause);
  const known = wire.name === 'NodelensError' && wire.code !== undefined && wire.code in ERRORS;
  const error = known
    ? new NodelensError(wire.code as ErrorCode, wire.message, {
        data: wire.data ?? {},
        retryable: wire.retryable ?? false,
        cause,
      })
    : Object.assign(new Error(wire.message, { cause }), {
        name: wire.name,
        ...(wire.code && { code: wire.code }),
      });
  if (wire.stack !== undefined) error.stack = wire.stack;
  return error;
}

function printable(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
