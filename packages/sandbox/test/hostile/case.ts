// One piece of hostile code and how it must end.
import type { HostFunction, SandboxErrorCode, SandboxLimits } from '../../src/index.ts';

export interface Case {
  readonly name: string;
  readonly code: string;
  readonly expected: SandboxErrorCode;
  readonly limits?: Partial<SandboxLimits>;
  readonly functions?: { readonly [name: string]: HostFunction };
  /** The limit that ends it, in ms. Default: the CPU limit. */
  readonly withinMs?: number;
  readonly message?: RegExp;
}

export const echo: HostFunction = (value) => value;
export const never: HostFunction = () => new Promise(() => undefined);
