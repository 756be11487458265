// The host's side of the sandbox: one child process, started at first use, released when idle, killed on doubt.
import type { SandboxLimits } from './limits.ts';
import type { Json, SandboxOutcome } from './outcome.ts';

/** Called with JSON, answers JSON; what it throws reaches the code as a catchable Error with the message. */
export type HostFunction = (...args: Json[]) => Json | undefined | Promise<Json | undefined>;

export interface SandboxOptions {
  /** Idle time after which the child process is released, in ms. Default 10,000. */
  readonly idleMs?: number;
  /** Overrides of the default limits. */
  readonly limits?: Partial<SandboxLimits>;
}

export interface SandboxRun {
  /** The body of an async function: `const m = await runtime_memory(); return m.rssMb`. */
  readonly code: string;
  /** Globals of the code. */
  readonly functions?: { readonly [name: string]: HostFunction };
  readonly limits?: Partial<SandboxLimits>;
  readonly signal?: AbortSignal;
}

export interface Sandbox {
  /** Never rejects; runs may overlap. */
  run(run: SandboxRun): Promise<SandboxOutcome>;
  /** Pid of the child process while there is one. */
  readonly pid: number | undefined;
  /** Kills the child process; pending runs answer `sandbox_closed`. Idempotent. */
  close(): Promise<void>;
}

/** Starts nothing yet. */
export function createSandbox(_options: SandboxOptions = {}): Sandbox {
  throw new Error('in the works');
}
