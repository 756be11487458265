// What the recorder and main's part of the tracer tell each other. Data only.

/** So many functions are counted at once. */
export const MAX_COUNTED = 5;

/** Shared numbers: first the word that both wait on (its lower half as an Int32), then one pair for each function. */
export const WORD = 0;
export const CALLS = 1;
/** ms after the start at which it was over a limit; 0 while it is not. */
export const OVER_AT: number = CALLS + MAX_COUNTED;
export const NUMBERS: number = OVER_AT + MAX_COUNTED;

/** The word's bell: changed and notified whenever the recorder should look. */
export const bellOf = (numbers: Float64Array): Int32Array =>
  new Int32Array(numbers.buffer, numbers.byteOffset + 8 * WORD, 1);

/** Where the breakpoints' conditions find the recording, on main's `globalThis`, not enumerable. */
export const RECORDING = "globalThis[Symbol.for('nodelens.tracer')]";
export const RECORDING_SYMBOL = 'nodelens.tracer';

/** What is called more often than this is not traced: a counted call costs main 0.15 ms, a traced one 0.5 ms. */
export const MAX_CALLS_PER_SECOND = 1_000;
/** Calls that may come at once, so that a handler which calls it in a loop is not taken for a hot path. */
export const BURST = 100;

export interface CountOptions {
  readonly functions: number;
  readonly maxMs: number;
}

/** 1-based. */
export interface CodePosition {
  readonly line: number;
  readonly column: number;
}

/** What main must know of the function that it records. */
export interface TraceOptions {
  readonly scriptId: string;
  /** Where it stands in the running code; 1-based. */
  readonly from: CodePosition;
  readonly to: CodePosition;
  /** By what a call is over: its promise, its `return`, or nothing that can be seen. */
  readonly timing: 'promise' | 'return' | 'none';
  readonly maxCalls: number;
  readonly maxMs: number;
}

/** A frame as V8 tells it: of the running code. */
export interface RawCallSite {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type Limit = 'calls' | 'rate' | 'time';

export interface Recorded {
  readonly calls: number;
  readonly elapsedMs: number;
  /** By what limit main ended it; null when it did not. */
  readonly limit: Limit | null;
  /** ms, of the calls that were timed. */
  readonly durations: readonly number[];
  /** Calls that have neither returned nor thrown. */
  readonly open: number;
  readonly recursiveCalls: number;
  readonly shapes: readonly { readonly arguments: string; readonly calls: number }[];
  readonly otherShapes: number;
  /** Nearest frame first. */
  readonly callers: readonly { readonly frames: readonly RawCallSite[]; readonly calls: number }[];
  readonly otherCallers: number;
  readonly errors: readonly {
    readonly name: string;
    /** Of the `throw` in the running code; null when it came from deeper. */
    readonly at: CodePosition | null;
    readonly calls: number;
  }[];
  /** Hits that could not be recorded. */
  readonly failures: number;
}
