// What an aborted model call rejects with: the reason of the abort if it is ours, else `run_cancelled`.
import { fail, isError, type NodelensError } from '../errors.ts';

export const cancelled = (signal: AbortSignal): NodelensError =>
  isError(signal.reason) ? signal.reason : fail('run_cancelled', {}, { cause: signal.reason });

/** Settles like `promise`, or rejects at once when `signal` is aborted. */
export async function orCancelled<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw cancelled(signal);
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(cancelled(signal));
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
