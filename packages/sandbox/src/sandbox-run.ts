// What a run is given.
import type { SandboxLimits } from './limits.ts';
import type { Json } from './outcome.ts';

/** Called with JSON, answers JSON; what it throws reaches the code as a catchable Error with the message. */
export type HostFunction = (...args: Json[]) => Json | undefined | Promise<Json | undefined>;

export interface SandboxRun {
  /** The body of an async function: `const m = await runtime_memory(); return m.rssMb`. */
  readonly code: string;
  /** Globals of the code. */
  readonly functions?: { readonly [name: string]: HostFunction };
  readonly limits?: Partial<SandboxLimits>;
  readonly signal?: AbortSignal;
}
