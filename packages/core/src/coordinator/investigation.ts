// One investigation from reason to result. It never throws: a deadline, a cancel or a model that fails ends it with
// everything found until then, and no operator outlives it.
import { untilAborted } from '../agent/abort.ts';
import type { LoopEnd } from '../agent/loop.ts';
import { addCounted, metered } from '../agent/meter.ts';
import { fail, isError, toWire, type WireError } from '../errors.ts';
import { withAttempts } from '../llm/retry.ts';
import type { OperatorRunResult } from '../operator/spec.ts';
import { createDesk, type Leaving } from './create-desk.ts';
import type { CoordinatorDesk, FollowUp } from './desk.ts';
import type { InvestigationResult, Usage } from './insight.ts';
import type { InvestigationOptions } from './investigation-options.ts';
import { outcomeOf } from './outcome.ts';
import { tellStep } from './steps.ts';

export interface Investigated {
  readonly result: InvestigationResult;
  readonly followUp?: FollowUp;
}

export async function investigate(options: InvestigationOptions): Promise<Investigated> {
  const { id, request, clock, emit } = options;
  const startedAtMs = clock.now();
  emit({ type: 'investigation.started', investigationId: id, reason: request.reason });
  const leaving: Leaving = {};
  const deadlineMs = startedAtMs + options.timeoutMs;
  const desk = createDesk(options, deadlineMs, leaving);
  const { end, usage } = await lead(desk, options, deadlineMs);
  const outcome = howItEnded(end, options);
  const { followUp, answer } = leaving;
  const result: InvestigationResult = {
    schema: 'nodelens.investigation/1',
    id,
    ...outcome,
    reason: request.reason,
    ...(answer && { answer }),
    insights: desk.state().insights,
    notifications: desk.state().entries.map((entry) => entry.notification),
    operators: desk.state().finished.map(outcomeOf),
    usage: total(usage, desk.state().finished),
    startedAt: new Date(startedAtMs).toISOString(),
    durationMs: clock.now() - startedAtMs,
  };
  emit({ type: 'investigation.finished', investigationId: id, result });
  return { result, ...(followUp && outcome.error === undefined && { followUp }) };
}

async function lead(
  desk: CoordinatorDesk,
  options: InvestigationOptions,
  deadlineMs: number,
): Promise<{ end: LoopEnd; usage: Usage }> {
  const { request, clock, signal } = options;
  const limits = { ...options.limits, maxIterations: request.maxIterations ?? options.limits.maxIterations };
  let usage: Usage = { ...unused, model: options.modelName };
  let end: LoopEnd;
  try {
    const counted = metered(await untilAborted(options.model(), signal));
    const model = withAttempts(counted, { attempts: limits.modelAttempts, clock });
    const strategy = await untilAborted(options.strategy(), signal);
    const steps = strategy(desk, { request, model, limits, deadlineMs, signal });
    let next = await steps.next();
    for (; !next.done; next = await steps.next()) tellStep(desk, next.value);
    end = await settle(desk, next.value, signal);
    usage = { model: counted.name, ...counted.used() };
  } catch (error) {
    end = signal.aborted ? { kind: 'aborted', error: signal.reason } : { kind: 'failed', error };
  }
  desk.fleet.cancel(end.kind === 'stopped' ? fail('run_cancelled') : ourError(end.error));
  await desk.fleet.settled();
  return { end, usage };
}

const unused = { calls: 0, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };

/** Operators end for the same reason as their investigation if that is a reason for them, else as cancelled. */
const ourError = (error: unknown): Error =>
  isError(error, 'run_deadline_exceeded') || isError(error, 'run_cancelled')
    ? error
    : fail('run_cancelled', { detail: ': the investigation failed' });

/** Out of iterations, what the operators still find is waited for, at most until the deadline; who is done waits for none. */
async function settle(desk: CoordinatorDesk, end: LoopEnd, signal: AbortSignal): Promise<LoopEnd> {
  if (end.kind !== 'stopped' || end.by !== 'iterations') return end;
  const { promise: aborted, resolve } = Promise.withResolvers<LoopEnd>();
  const onAbort = (): void => resolve({ kind: 'aborted', error: signal.reason });
  if (signal.aborted && desk.state().running.length > 0) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const settled = await Promise.race([desk.fleet.settled().then(() => end), aborted]);
  signal.removeEventListener('abort', onAbort);
  return settled;
}

function howItEnded(
  end: LoopEnd,
  { request, limits }: InvestigationOptions,
): { status: InvestigationResult['status']; error?: WireError } {
  switch (end.kind) {
    case 'stopped': {
      if (end.by !== 'iterations') return { status: 'completed' };
      const maxIterations = request.maxIterations ?? limits.maxIterations;
      return { status: 'budget_exceeded', error: toWire(fail('run_iterations_exceeded', { maxIterations })) };
    }
    case 'aborted': {
      const isLate = isError(end.error, 'run_deadline_exceeded');
      return { status: isLate ? 'deadline_exceeded' : 'cancelled', error: toWire(end.error) };
    }
    case 'failed': {
      const isOverBudget = isError(end.error, 'budget_exceeded');
      return { status: isOverBudget ? 'budget_exceeded' : 'failed', error: toWire(end.error) };
    }
    default:
      return end satisfies never;
  }
}

function total(own: Usage, finished: readonly OperatorRunResult[]): Usage {
  return { model: own.model, ...finished.map((result) => result.usage).reduce(addCounted, own) };
}
