// Waiting that ends when a run ends: for promises whose owner cannot be cancelled.
import type { Clock } from '../actor/clock.ts';
import { fail, isError, type NodelensError } from '../errors.ts';

/** What an aborted wait rejects with: the reason of the abort if it is ours, else `run_cancelled`. */
export const cancelled = (signal: AbortSignal): NodelensError =>
  isError(signal.reason) ? signal.reason : fail('run_cancelled', {}, { cause: signal.reason });

/**
 * Settles like `promise`, or rejects with {@link cancelled} as soon as `signal` is aborted, whichever is first;
 * what the promise does later is dropped.
 */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    promise.catch(() => {});
    return Promise.reject(cancelled(signal));
  }
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(cancelled(signal));
  signal.addEventListener('abort', onAbort, { once: true });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', onAbort));
}

/** Resolves after `ms`; rejects with {@link cancelled} when `signal` is aborted before. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.after(ms, resolve);
  try {
    await untilAborted(promise, signal);
  } finally {
    cancel();
  }
}
