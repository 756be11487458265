// Runs a script of the model in the sandbox, with the skill's callbacks as its only way out.
import type { HostFunction, SandboxOutcome, SandboxRun } from '@nodelens/sandbox';
import { answer, refuse, type ToolAnswer } from '../agent/tool.ts';
import type { JsonObject } from '../json.ts';
import type { SkillAccess } from './skill-access.ts';

/** What runs scripts: the sandbox process of the launcher, over a port. */
export interface ScriptRunner {
  /** Never rejects. */
  run(run: SandboxRun): Promise<SandboxOutcome>;
  close(): void;
}

/** Time on top of the longest callback, so that the callback's typed error arrives before the sandbox's. */
const SLACK_MS = 5_000;
const MIN_WALL_MS = 30_000;

export interface Script {
  readonly code: string;
  readonly signal: AbortSignal;
}

/** The script's value, or a refusal with message, line and the failing code. */
export async function execute(
  sandbox: ScriptRunner,
  skill: SkillAccess,
  { code, signal }: Script,
): Promise<ToolAnswer> {
  const functions: { [name: string]: HostFunction } = {};
  let hostCallMs = 0;
  for (const { name, timeoutMs } of skill.descriptor.callbacks) {
    functions[name] = (...args) => skill.call(name, args);
    hostCallMs = Math.max(hostCallMs, timeoutMs + SLACK_MS);
  }
  const limits = { hostCallMs, wallMs: Math.max(MIN_WALL_MS, 2 * hostCallMs) };
  const outcome = await sandbox.run({ code, functions, limits, signal });
  return outcome.ok ? withConsole(outcome) : refuse(outcome.error.message, failure(outcome));
}

/** The plain value, so that a script's author knows what comes back; console lines only when there are any. */
function withConsole(outcome: SandboxOutcome & { ok: true }): ToolAnswer {
  if (outcome.console.length === 0) return answer(outcome.value);
  return answer({ value: outcome.value, console: outcome.console });
}

function failure({ error, console }: SandboxOutcome & { ok: false }): JsonObject {
  return {
    code: error.code,
    ...(error.line !== undefined && { line: error.line }),
    ...(error.failingCode !== undefined && { failingCode: error.failingCode }),
    ...(console.length > 0 && { console }),
  };
}
