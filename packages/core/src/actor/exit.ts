// Why an actor ended, as a value. Normal and shutdown are clean; everything else is a failure.
import type { WireError } from '../errors.ts';
import type { JsonValue } from '../json.ts';

export type ExitReason =
  /** It had nothing left to do. */
  | { readonly kind: 'normal' }
  /** It was asked to stop. */
  | { readonly kind: 'shutdown'; readonly detail?: JsonValue }
  /** It threw, or its handler rejected. */
  | { readonly kind: 'failed'; readonly error: WireError }
  /** Its thread ended by itself: `process.exit`, out of memory. */
  | { readonly kind: 'thread-ended'; readonly exitCode: number; readonly error?: WireError }
  /** It missed its heartbeats or its shutdown deadline and was terminated. */
  | { readonly kind: 'killed'; readonly why: 'unresponsive' | 'shutdown-deadline' | 'host-closed' };

export const normalExit: ExitReason = { kind: 'normal' };

export const isClean = (reason: ExitReason): boolean =>
  reason.kind === 'normal' || reason.kind === 'shutdown';
