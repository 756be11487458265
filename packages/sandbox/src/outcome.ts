// What a run answers: always a value of this union, never a throw.

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

export type SandboxErrorCode =
  | 'syntax_error'
  | 'script_error'
  | 'wall_limit'
  | 'cpu_limit'
  | 'memory_limit'
  | 'output_limit'
  | 'host_call_limit'
  | 'result_not_json'
  | 'cancelled'
  | 'sandbox_closed'
  | 'sandbox_refused'
  | 'sandbox_crashed';

export interface SandboxError {
  readonly code: SandboxErrorCode;
  /** What happened and, for limits, which figure was exceeded. */
  readonly message: string;
  /** 1-based line of the caller's code, where known. */
  readonly line?: number;
  /** That line's text, or the whole code when the line is unknown; at most 500 characters. */
  readonly failingCode?: string;
}

interface Common {
  /** Lines as `level: text`, cut to the limit. */
  readonly console: readonly string[];
  readonly durationMs: number;
  readonly hostCalls: number;
}

export type SandboxOutcome =
  | (Common & { readonly ok: true; readonly value: Json })
  | (Common & { readonly ok: false; readonly error: SandboxError });
