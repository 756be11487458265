// All messages between the host and its sandbox process, both ways. Values of the code travel as JSON text, which
// nobody on the way looks into.
import type { SandboxLimits } from './limits.ts';
import type { SandboxErrorCode } from './outcome.ts';

/** How a run ended; the host adds what only it knows. */
export type RunResult =
  | { readonly ok: true; readonly json: string }
  | { readonly ok: false; readonly code: SandboxErrorCode; readonly message: string; readonly line?: number };

export interface RunMessage {
  readonly type: 'run';
  readonly runId: number;
  readonly code: string;
  readonly functions: readonly string[];
  readonly limits: SandboxLimits;
  /** What is left of `limits.wallMs`. */
  readonly leftMs: number;
}

export interface ReplyMessage {
  readonly type: 'reply';
  readonly runId: number;
  readonly callId: number;
  /** False: `text` is the message of the error that the code gets. True: JSON text, absent for `undefined`. */
  readonly ok: boolean;
  readonly text?: string;
}

export type ToSandbox =
  | RunMessage
  | ReplyMessage
  /** The host has answered the run itself; the process answers `ended` all the same. */
  | { readonly type: 'end'; readonly runId: number };

export interface CallMessage {
  readonly type: 'call';
  readonly runId: number;
  readonly callId: number;
  readonly name: string;
  /** JSON text of an array. */
  readonly args: string;
}

export type FromSandbox =
  | { readonly type: 'ready' }
  /** It cannot work at all, e.g. the addon does not load. */
  | { readonly type: 'unusable'; readonly reason: string }
  /** Sent every {@link aliveMs} while there are runs. */
  | { readonly type: 'alive' }
  | CallMessage
  | { readonly type: 'console'; readonly runId: number; readonly line: string }
  /** `unfit`: its isolate computes on or memory is lost, so the process must be killed. */
  | { readonly type: 'ended'; readonly runId: number; readonly result: RunResult; readonly unfit: boolean };

export const aliveMs = 200;
