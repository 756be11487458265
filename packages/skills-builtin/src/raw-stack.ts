// Where main is, for probes. The app's own `Error` is left as it was, also when its prepareStackTrace throws.

/** A stack whose text is not made yet: taking it costs 2 µs, the text 20. */
export interface RawStack {
  readonly stack?: unknown;
}

/** @param above the function under which the frames stand that are of interest */
export function takeStack(above: object, frames: number): RawStack {
  const raw: RawStack = {};
  const limit = Error.stackTraceLimit;
  try {
    Error.stackTraceLimit = frames;
    try {
      Error.captureStackTrace(raw, above as () => void);
    } finally {
      Error.stackTraceLimit = limit;
    }
  } catch {
    // Where errors are frozen there are no positions.
  }
  return raw;
}

/** Undefined when the app makes something else than text of its stacks. */
export function textOf(raw: RawStack): string | undefined {
  try {
    return typeof raw.stack === 'string' ? raw.stack : undefined;
  } catch {
    // The app's own prepareStackTrace threw.
    return undefined;
  }
}
