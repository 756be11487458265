// The limits of one run. Every one of them ends the run with a typed error; none of them is felt by the host.

export interface SandboxLimits {
  /** From start to result, host calls included, in ms. Default 30,000. */
  readonly wallMs: number;
  /** Time that the code itself may compute, in ms. Default 2,000. */
  readonly cpuMs: number;
  /** Heap of the isolate, in MB. Default 64; isolated-vm takes no less than 8. */
  readonly memoryMb: number;
  /** Size of the result as JSON text, in bytes. Default 65,536. */
  readonly outputBytes: number;
  /** All console output together, in bytes; more is cut. Default 8,192. */
  readonly consoleBytes: number;
  /** One host call, in ms. Default 10,000. */
  readonly hostCallMs: number;
  /** Arguments or result of one host call as JSON text, in bytes. Default 1,048,576. */
  readonly hostCallBytes: number;
  /** Host calls in one run. Default 200. */
  readonly hostCalls: number;
}

export const defaultLimits: SandboxLimits = {
  wallMs: 30_000,
  cpuMs: 2_000,
  memoryMb: 64,
  outputBytes: 65_536,
  consoleBytes: 8_192,
  hostCallMs: 10_000,
  hostCallBytes: 1_048_576,
  hostCalls: 200,
};

const lowest: Partial<SandboxLimits> = { consoleBytes: 0, hostCalls: 0, memoryMb: 8 };
/** Timers overflow above this. */
const highest = 2 ** 31 - 1;

/**
 * `overrides` on top of `base`; `undefined` overrides nothing.
 * @throws RangeError for an unknown name or a figure out of range.
 */
export function resolveLimits(base: SandboxLimits, overrides: Partial<SandboxLimits> = {}): SandboxLimits {
  const limits: Record<string, number> = { ...base };
  for (const [name, value] of Object.entries(overrides)) {
    if (!Object.hasOwn(defaultLimits, name)) throw new RangeError(`Unknown sandbox limit: ${name}.`);
    if (value === undefined) continue;
    const least = lowest[name as keyof SandboxLimits] ?? 1;
    if (!Number.isFinite(value) || value < least || value > highest)
      throw new RangeError(`Sandbox limit ${name} must be from ${least} to ${highest}; got ${value}.`);
    limits[name] = value;
  }
  return limits as unknown as SandboxLimits;
}
