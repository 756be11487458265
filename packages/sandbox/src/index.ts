// Public API of @nodelens/sandbox.
export { defaultLimits, type SandboxLimits } from './limits.ts';
export type { Json, SandboxError, SandboxErrorCode, SandboxOutcome } from './outcome.ts';
export {
  createSandbox,
  type HostFunction,
  type Sandbox,
  type SandboxOptions,
  type SandboxRun,
} from './sandbox.ts';
