// From what happened in an isolate to the result of the run. Pure; reads nothing of the isolate.
import type { HarnessEvent } from './harness.ts';
import { isTooDeep, maxJsonDepth } from './json-depth.ts';
import type { SandboxLimits } from './limits.ts';
import { lineOfStack, splitCompileError } from './location.ts';
import type { SandboxErrorCode } from './outcome.ts';
import type { RunResult } from './protocol.ts';

type Failure = Extract<RunResult, { ok: false }>;

export function failure(code: SandboxErrorCode, message: string, line?: number): Failure {
  return line === undefined ? { ok: false, code, message } : { ok: false, code, message, line };
}

export const memoryLimit = (limits: SandboxLimits): Failure =>
  failure('memory_limit', `The code needed more than ${limits.memoryMb} MB of memory.`);

export const cpuLimit = (limits: SandboxLimits): Failure =>
  failure('cpu_limit', `The code computed for more than ${limits.cpuMs} ms.`);

export const wallLimit = (limits: SandboxLimits): Failure =>
  failure('wall_limit', `The run took more than ${limits.wallMs} ms.`);

/** @param error what the compiler threw. */
export function compileError(error: unknown): Failure {
  const { message, line } = splitCompileError(describe(error));
  return failure('syntax_error', message, line);
}

export const describe = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

/** The verdict that the harness has posted. */
export function verdictOf(
  kind: Exclude<HarnessEvent, 'call' | 'log'>,
  values: readonly (string | number)[],
  limits: SandboxLimits,
): RunResult {
  const first = String(values[0]);
  const second = String(values[1]);
  switch (kind) {
    case 'done':
      return resultOf(first, limits);
    case 'failed':
      // The allocator refuses what goes beyond the limit, which the code sees as an error.
      if (first === 'RangeError: Array buffer allocation failed') return memoryLimit(limits);
      return failure('script_error', first, lineOfStack(second));
    case 'not-json':
      return failure('result_not_json', `The result is not JSON: ${first}`, lineOfStack(second));
    case 'too-large':
      return outputLimit(first, limits);
    case 'too-many':
      return failure('host_call_limit', first);
    default:
      return kind satisfies never;
  }
}

function resultOf(json: string, limits: SandboxLimits): RunResult {
  const bytes = Buffer.byteLength(json);
  if (bytes > limits.outputBytes) return outputLimit(String(bytes), limits);
  if (isTooDeep(json)) return failure('result_not_json', `The result nests deeper than ${maxJsonDepth}.`);
  return { ok: true, json };
}

const outputLimit = (bytes: string, limits: SandboxLimits): Failure =>
  failure('output_limit', `The result is ${bytes} bytes of JSON; at most ${limits.outputBytes} are taken.`);
