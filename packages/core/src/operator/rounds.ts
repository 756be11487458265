// When an operator runs: once, or for one round of continuous mode with the memory that its resident gives it. Between
// rounds there is no thread: who is woken, and when, is decided on the recorder (continuous/).
import { normalExit } from '../actor/exit.ts';
import { untilAborted } from '../agent/abort.ts';
import { noCalls } from '../agent/meter.ts';
import { fail, toWire } from '../errors.ts';
import { asJson } from '../json.ts';
import { emptyMemory, type Memory } from './memory.ts';
import { statusOfAbort, statusOfFailure } from './notification.ts';
import type { OperatorParts } from './parts.ts';
import { runOnce } from './run-once.ts';
import type { OperatorRunResult, RoundEnded } from './spec.ts';
import type { OperatorState } from './state.ts';

/** On-demand: one run; the actor ends after it. Never rejects. */
export async function once(parts: OperatorParts, signal: AbortSignal): Promise<void> {
  await runAndTell(parts, emptyMemory, signal);
  parts.context.exit(normalExit);
}

export interface Round {
  readonly memory: Memory;
  /** Why it was woken, for the model. */
  readonly wokenBy: string;
  /** Of the run. */
  readonly state: () => OperatorState;
}

/** Continuous: one round; the actor ends after it and comes back with the next. Never rejects. */
export async function oneRound(
  parts: OperatorParts,
  { memory, wokenBy, state }: Round,
  signal: AbortSignal,
): Promise<void> {
  const { input, context } = parts;
  const told = { ...input, context: { ...input.context, wokenBy } };
  await runAndTell({ ...parts, input: told }, memory, signal);
  const { askedWaitMs, confirmed } = state();
  const ended: RoundEnded = {
    type: 'operator.round_ended',
    confirmed,
    ...(askedWaitMs !== undefined && { askedWaitMs }),
  };
  context.emit(asJson(ended));
  context.exit(normalExit);
}

async function runAndTell(parts: OperatorParts, memory: Memory, signal: AbortSignal): Promise<void> {
  const result = await runWithDeadline(parts, memory, signal);
  parts.emit({ type: 'operator.completed', operator: parts.input.spec.name, result });
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
  const stopped = AbortSignal.any([signal, deadline.signal]);
  try {
    const model = await untilAborted(parts.model.startRun(), stopped);
    const deadlineMs = startedAtMs + leftMs;
    const tools = { model, skill, sandbox, clock, keeper, emit, onProgress };
    return await runOnce({ ...input, ...tools, memory, deadlineMs, signal: stopped });
  } catch (error) {
    const durationMs = clock.now() - startedAtMs;
    const status = stopped.aborted ? statusOfAbort(stopped.reason) : statusOfFailure(error);
    return { ...nothingFound(parts), status, error: toWire(error), durationMs };
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
