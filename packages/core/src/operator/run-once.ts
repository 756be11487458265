// One run of an operator, or one round of a continuous one: the loop with the operator's tools, from a clean slate
// to a result. It never throws: a model that fails or a deadline ends it with everything found until then.
import type { Clock } from '../actor/clock.ts';
import {
  iterationsReached,
  type LoopEnd,
  type LoopOptions,
  runLoop,
  type Step,
  type StopCondition,
  toolSucceeded,
  userMessage,
} from '../agent/loop.ts';
import { metered } from '../agent/meter.ts';
import type { Transcript } from '../agent/transcript.ts';
import { fail, toWire, type WireError } from '../errors.ts';
import type { Id } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import type { Briefing } from '../llm/briefing.ts';
import { authoredText } from '../llm/follow-up.ts';
import type { Model } from '../llm/model.ts';
import { type FailedAttempt, withAttempts } from '../llm/retry.ts';
import type { Keeper } from '../recorder/store/client.ts';
import type { ScriptRunner } from './execute.ts';
import { alreadyReported, type Memory, remember } from './memory.ts';
import { type OperatorStatus, statusOfAbort, statusOfFailure } from './notification.ts';
import { openingText, operatorPrompt } from './prompt.ts';
import type { SkillAccess } from './skill-access.ts';
import type { OperatorEvent, OperatorRunResult, OperatorSpec } from './spec.ts';
import { initialState, type OperatorChange, type OperatorState, reduce } from './state.ts';
import { isRoundWait, type OperatorDesk, operatorTools } from './tools.ts';

export interface RunOnceOptions {
  readonly spec: OperatorSpec;
  readonly investigationId: Id;
  readonly context: JsonObject & { readonly reason: string };
  readonly model: Model;
  readonly skill: SkillAccess;
  readonly sandbox: ScriptRunner;
  readonly keeper: Pick<Keeper, 'keep'>;
  readonly clock: Clock;
  readonly memory: Memory;
  /** Wall-clock ms; Infinity for none. Only told to the model: the signal ends the run. */
  readonly deadlineMs: number;
  /** Its reason says how the run ended: `run_deadline_exceeded` or `run_cancelled`. */
  readonly signal: AbortSignal;
  readonly emit: (event: OperatorEvent) => void;
  /** Told after every change, so that others can ask about the run while it goes on. */
  readonly onProgress: (progress: Progress) => void;
}

export interface Progress {
  readonly state: OperatorState;
  readonly transcript: Transcript;
  /** False between the rounds of continuous mode. */
  readonly running: boolean;
}

const KEEP =
  'anomalies and concerns, the state and its trend, snapshot ids, key figures, notifications sent and why.';

export async function runOnce(options: RunOnceOptions): Promise<OperatorRunResult> {
  const { spec, clock, emit } = options;
  const startedAtMs = clock.now();
  const model = metered(options.model);
  const timeLimitMs = options.deadlineMs - startedAtMs;
  const opening = [userMessage(openingText({ ...options, timeLimitMs }))];
  let progress: Progress = { state: initialState, transcript: opening, running: true };
  options.onProgress(progress);
  const scripts = new Set<string>();
  const advance = (change: OperatorChange, transcript = progress.transcript): void => {
    progress = { state: reduce(progress.state, change), transcript, running: true };
    options.onProgress(progress);
  };
  const desk: OperatorDesk = {
    ...options,
    state: () => progress.state,
    apply: advance,
    isAuthored: (code) => scripts.has(authoredText(code)),
    reportedBefore: (found) => reportedBefore(found, options, progress.state),
  };
  const steps = runLoop(loopOptions(options, { desk, model, opening, scripts }));
  let next = await steps.next();
  for (; !next.done; next = await steps.next()) {
    advance({ type: 'step.finished', iteration: next.value.iteration }, next.value.transcript);
    emit(stepEvent(spec.name, next.value));
  }
  options.onProgress({ ...progress, running: false });
  const { health, iteration, notifications, snapshots } = progress.state;
  return {
    investigationId: options.investigationId,
    operator: spec.name,
    skill: spec.skill.id,
    state: health,
    ...howItEnded(next.value, spec),
    iterations: iteration,
    durationMs: clock.now() - startedAtMs,
    notifications,
    snapshots,
    usage: model.used(),
  };
}

function reportedBefore(
  found: Parameters<OperatorDesk['reportedBefore']>[0],
  { spec, memory, clock }: RunOnceOptions,
  state: OperatorState,
): ReturnType<OperatorDesk['reportedBefore']> {
  const known = spec.mode === 'continuous' ? withReported(memory, state) : memory;
  const { repeatAfterMs } = spec.limits;
  return alreadyReported(known, found, { nowMs: clock.now(), repeatAfterMs });
}

/** With what this round has reported so far. */
const withReported = (memory: Memory, { notifications }: OperatorState): Memory =>
  notifications.reduce(
    (known, found) => remember(known, found, { nowMs: Date.parse(found.detectedAt), causes: [] }),
    memory,
  );

interface LoopParts {
  readonly desk: OperatorDesk;
  readonly model: Model;
  readonly opening: Transcript;
  /** Gets the scripts of the checks that found something. */
  readonly scripts: Set<string>;
}

function loopOptions(options: RunOnceOptions, { desk, model, opening, scripts }: LoopParts): LoopOptions {
  const { spec, clock, signal, emit } = options;
  const { maxIterations, modelAttempts, compactAtTokens, compactKeepLast } = spec.limits;
  const attempts = {
    attempts: modelAttempts,
    clock,
    onFailure: ({ error, willRetry }: FailedAttempt): void =>
      emit({
        type: 'operator.model_failed',
        operator: spec.name,
        code: error.code,
        message: error.message,
        willRetry,
      }),
  };
  return {
    model: withAttempts(model, attempts),
    ...operatorPrompt(spec.skill),
    opening,
    tools: operatorTools(desk),
    toolLog: { investigationId: options.investigationId, caller: spec.name, clock, emit },
    stopWhen: [toolSucceeded('done'), roundWait(spec), iterationsReached(maxIterations)],
    compaction: { atTokens: compactAtTokens, keepLast: compactKeepLast, keep: KEEP },
    signal,
    beforeTurn: () => ({ briefing: briefing(options, scripts) }),
  };
}

/** In continuous mode a wait as long as the pause between rounds is that pause: it ends the round. */
const roundWait = ({ mode, limits }: OperatorSpec): StopCondition => ({
  name: 'wait',
  met: (steps) =>
    mode === 'continuous' &&
    (steps.at(-1)?.calls.some((call) => call.name === 'wait' && isRoundWait(call.arguments.ms, limits)) ??
      false),
});

const stepEvent = (operator: string, step: Step): OperatorEvent => ({
  type: 'operator.step',
  operator,
  iteration: step.iteration,
  tools: step.calls.map((call) => call.name),
  text: step.text,
});

function briefing(options: RunOnceOptions, scripts: Set<string>): Briefing {
  const { check, conclude } = options.skill.knowledge;
  return {
    role: 'operator',
    skill: options.spec.skill,
    reason: options.context.reason,
    knowledge: {
      // A round starts with an empty conversation; the history of earlier rounds is in the memory.
      check: async (snapshot, history) => {
        const findings = await check(snapshot, [...options.memory.history, ...history]);
        for (const { investigate, followUp = investigate } of findings)
          scripts.add(investigate).add(followUp);
        return findings;
      },
      conclude,
    },
    remainingMs: Math.max(0, options.deadlineMs - options.clock.now()),
  };
}

function howItEnded(end: LoopEnd, { limits }: OperatorSpec): { status: OperatorStatus; error?: WireError } {
  switch (end.kind) {
    case 'stopped':
      if (end.by !== 'iterations') return { status: 'completed' };
      return {
        status: 'iterations_exceeded',
        error: toWire(fail('run_iterations_exceeded', { maxIterations: limits.maxIterations })),
      };
    case 'aborted':
      return { status: statusOfAbort(end.error), error: toWire(end.error) };
    case 'failed':
      return { status: statusOfFailure(end.error), error: toWire(end.error) };
    default:
      return end satisfies never;
  }
}
