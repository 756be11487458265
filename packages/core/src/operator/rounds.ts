// When an operator runs: once, or in rounds for ever with a memory of what was reported. A healthy round of a skill
// that has checks wakes no model and costs nothing.
import { normalExit } from '../actor/exit.ts';
import { pause } from '../agent/abort.ts';
import { noCalls } from '../agent/meter.ts';
import { fail, toWire } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { redact } from '../redact.ts';
import { emptyMemory, type Memory, remember, rememberData } from './memory.ts';
import type { OperatorParts } from './parts.ts';
import { runOnce } from './run-once.ts';
import type { OperatorRunResult } from './spec.ts';

/** On-demand: one run; the actor ends after it. Never rejects. */
export async function once(parts: OperatorParts, signal: AbortSignal): Promise<void> {
  await runAndTell(parts, emptyMemory, signal);
  parts.context.exit(normalExit);
}

/** Continuous: resolves when `signal` is aborted; never rejects. A failed round is told and followed by the next. */
export async function forEver(parts: OperatorParts, signal: AbortSignal): Promise<void> {
  const { clock } = parts.context;
  let memory = emptyMemory;
  while (!signal.aborted) {
    const look = await lookFirst(parts, memory);
    memory = look.memory;
    if (look.isWorthAWake && !signal.aborted) {
      const result = await runAndTell(parts, memory, signal);
      for (const found of result.notifications) memory = remember(memory, found, clock.now());
      for (const { data } of result.snapshots) memory = rememberData(memory, data);
    }
    await pause(clock, parts.input.spec.limits.roundEveryMs, signal).catch(() => {});
  }
}

/** The gate: the skill's own checks decide whether the model looks at all; without checks it always does. */
async function lookFirst(
  { skill }: OperatorParts,
  memory: Memory,
): Promise<{ memory: Memory; isWorthAWake: boolean }> {
  if (skill.descriptor.checks.length === 0) return { memory, isWorthAWake: true };
  try {
    const data = redact(await skill.snapshot()) as JsonObject;
    const findings = await skill.knowledge.check(data, memory.history);
    return { memory: rememberData(memory, data), isWorthAWake: findings.length > 0 };
  } catch {
    // A skill that cannot tell how it is deserves a look: the model sees the same error as a result of its tools.
    return { memory, isWorthAWake: true };
  }
}

async function runAndTell(
  parts: OperatorParts,
  memory: Memory,
  signal: AbortSignal,
): Promise<OperatorRunResult> {
  const result = await runWithDeadline(parts, memory, signal);
  parts.emit({ type: 'operator.completed', operator: parts.input.spec.name, result });
  return result;
}

/** A model that cannot be loaded is a failed run, not a dead actor. */
async function runWithDeadline(
  parts: OperatorParts,
  memory: Memory,
  signal: AbortSignal,
): Promise<OperatorRunResult> {
  const { input, context, skill, sandbox, keeper, emit, onProgress } = parts;
  const { clock } = context;
  const { timeoutMs, requestedAtMs } = input;
  const startedAtMs = clock.now();
  const waitedMs = requestedAtMs === undefined ? 0 : Math.max(0, startedAtMs - requestedAtMs);
  const leftMs = timeoutMs === undefined ? Number.POSITIVE_INFINITY : Math.max(0, timeoutMs - waitedMs);
  const deadline = new AbortController();
  const disarm =
    timeoutMs === undefined ? () => {} : clock.after(leftMs, () => deadline.abort(late(timeoutMs)));
  try {
    const model = await parts.model();
    const deadlineMs = startedAtMs + leftMs;
    const stopped = AbortSignal.any([signal, deadline.signal]);
    const tools = { model, skill, sandbox, clock, keeper, emit, onProgress };
    return await runOnce({ ...input, ...tools, memory, deadlineMs, signal: stopped });
  } catch (error) {
    return { ...nothingFound(parts), error: toWire(error), durationMs: clock.now() - startedAtMs };
  } finally {
    disarm();
  }
}

const late = (timeoutMs: number): Error => fail('run_deadline_exceeded', { timeoutMs });

const nothingFound = ({ input }: OperatorParts): OperatorRunResult => ({
  investigationId: input.investigationId,
  operator: input.spec.name,
  skill: input.spec.skill.id,
  state: 'healthy',
  status: 'failed',
  iterations: 0,
  durationMs: 0,
  notifications: [],
  snapshots: [],
  usage: noCalls,
});
