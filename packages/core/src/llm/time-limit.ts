// How long one call of a model may take, for every provider: until it is answered, and, where the answer is streamed,
// until its first token. What takes longer is aborted, which ends its HTTP request.
import type { Clock } from '../actor/clock.ts';
import { untilAborted } from '../agent/abort.ts';
import { fail } from '../errors.ts';

/** The options of a provider about time. */
export interface TimeOptions {
  /** Of one call with the client's own retries, in ms. Default 120,000. */
  readonly timeoutMs?: number;
  /**
   * Streams the answer, and gives the call up when nothing of it has come after so many ms: one that hangs is known
   * long before `timeoutMs`. Default: the answer is not streamed.
   */
  readonly firstTokenMs?: number;
}

export const DEFAULT_TIMEOUT_MS = 120_000;

export interface TimeLimit extends TimeOptions {
  /** Its name, for the error. */
  readonly model: string;
  readonly clock: Clock;
  /** Of the caller. */
  readonly signal: AbortSignal;
}

/** `signal` is aborted by the caller or when it took too long; `began` is told at the first token. */
export type TimedCall<T> = (signal: AbortSignal, began: () => void) => Promise<T>;

/** @throws NodelensError `model_timeout`, what the call throws, or at once why the caller aborted. */
export async function withinTime<T>(limit: TimeLimit, call: TimedCall<T>): Promise<T> {
  const { model, clock, timeoutMs = DEFAULT_TIMEOUT_MS, firstTokenMs } = limit;
  const late = new AbortController();
  const giveUpAfter = (ms: number): (() => void) =>
    clock.after(ms, () => late.abort(fail('model_timeout', { model, timeoutMs: ms })));
  const disarm = giveUpAfter(timeoutMs);
  const began = firstTokenMs === undefined ? () => {} : giveUpAfter(firstTokenMs);
  const signal = AbortSignal.any([limit.signal, late.signal]);
  try {
    return await untilAborted(call(signal, began), signal);
  } finally {
    disarm();
    began();
  }
}
