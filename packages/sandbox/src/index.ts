// Public API of @nodelens/sandbox.
export { defaultLimits, type SandboxLimits } from './limits.ts';
export type { Json, SandboxError, SandboxErrorCode, SandboxOutcome } from './outcome.ts';
export { createSandbox, type Sandbox, type SandboxOptions } from './sandbox.ts';
export type { HostFunction, SandboxRun } from './sandbox-run.ts';
