// Why an actor ended, as a value. Normal and shutdown are clean; everything else is a failure.
import { fail, fromWire, toWire, type WireError } from '../errors.ts';
import type { JsonValue } from '../json.ts';

export type ExitReason =
  /** It had nothing left to do. */
  | { readonly kind: 'normal' }
  /** It was asked to stop. */
  | { readonly kind: 'shutdown'; readonly detail?: JsonValue }
  /** It threw, or its handler rejected. */
  | { readonly kind: 'failed'; readonly error: WireError }
  /** Its thread ended by itself: `process.exit`, or out of memory faster than it could be watched. */
  | { readonly kind: 'thread-ended'; readonly exitCode: number; readonly error?: WireError }
  /** It missed its heartbeats, outgrew its memory or its CPU share or missed its shutdown deadline, and was terminated. */
  | {
      readonly kind: 'killed';
      readonly why: 'unresponsive' | 'memory-limit' | 'cpu-limit' | 'shutdown-deadline' | 'host-closed';
    };

/** Why a host killed an actor. */
export type KillCause = Extract<ExitReason, { kind: 'killed' }>['why'];

export const normalExit: ExitReason = { kind: 'normal' };

export const isClean = (reason: ExitReason): boolean =>
  reason.kind === 'normal' || reason.kind === 'shutdown';

/** For messages: `failed: <message>`, `killed: unresponsive`, `thread-ended: exit code 3`. */
export function describeExit(reason: ExitReason): string {
  switch (reason.kind) {
    case 'normal':
    case 'shutdown':
      return reason.kind;
    case 'failed':
      return `failed: ${reason.error.message}`;
    case 'thread-ended':
      return `thread-ended: ${reason.error?.message ?? `exit code ${reason.exitCode}`}`;
    case 'killed':
      return `killed: ${reason.why}`;
  }
}

export const failedWith = (error: unknown): ExitReason => ({ kind: 'failed', error: toWire(error) });

/** The reason of a thread that ended without telling its own. */
export function threadFailure(exitCode: number, error: unknown): ExitReason {
  if (error === undefined) return { kind: 'thread-ended', exitCode };
  const wire = toWire(error);
  return wire.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? { kind: 'thread-ended', exitCode, error: wire }
    : { kind: 'failed', error: wire };
}

/** The same of a thread that ended before its first beat: only its first file, and what that imports, had run. */
export function notLoaded(id: string, file: string, reason: ExitReason): ExitReason {
  if (reason.kind !== 'failed') return reason;
  const cause = fromWire(reason.error);
  const text = `the first file of its thread, ${file}, could not be loaded (was it replaced? then restart the process): ${cause.message}`;
  return failedWith(fail('actor_start_failed', { id, reason: text }, { cause }));
}
