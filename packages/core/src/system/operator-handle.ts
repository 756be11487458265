// Single operator runs of a running system: a configured operator by name, or any skill, in a pooled thread.
import type { Host } from '../actor/hosts/host.ts';
import { type CoordinatorEvent, DEFAULT_INVESTIGATION_MS } from '../coordinator/spec.ts';
import { randomId } from '../ids.ts';
import { type OperatorPlan, planNamed, resolvePlan } from '../operator/plan.ts';
import { runOperator } from '../operator/run.ts';
import type { ModelChoice, OperatorRunResult, OperatorSpec } from '../operator/spec.ts';
import type { SkillInput } from '../skill.ts';
import type { SkillDescriptor } from '../skill-host.ts';
import { mergeLimits, type OperatorChanges } from './options.ts';
import type { Replace } from './replacement.ts';
import { type RunContext, type RunOptions, validateContext, validateRunOptions } from './run-options.ts';

export interface OperatorHandle {
  /**
   * Runs one operator once, in a pooled thread. Resolves with what was found, also when it failed: see `status`.
   * @param operator the name of a configured operator, or any skill.
   * @throws NodelensError `operator_unknown`, `option_invalid`, `skill_*`, `memory_short`, `lens_stopped`.
   */
  run(operator: string | SkillInput, context: RunContext, options?: RunOptions): Promise<OperatorRunResult>;
  /**
   * Puts a new version of a configured operator in its place, without touching the app: another version of its skill
   * (loaded anew), another model, limits, or restart type. What is new is loaded and checked first; when it cannot
   * start, the old version goes on and the error is thrown. A continuous operator is replaced at once, of an on-demand
   * one the next run has the new version; runs and calls under way end on the old one. A skill keeps its id and its
   * thread, and is new for every operator that has it.
   * @throws NodelensError `operator_unknown`, `option_invalid`, `skill_*`, `actor_start_failed`, `lens_stopped`.
   */
  replace(name: string, changes: OperatorChanges): Promise<void>;
}

export interface OperatorHandleOptions {
  readonly host: () => Promise<Host>;
  readonly plans: readonly OperatorPlan[];
  readonly model: ModelChoice;
  readonly describe: (skillId: string) => Promise<SkillDescriptor>;
  /** Loads a skill that no configured operator has; resolves with its description. */
  readonly load: (skill: SkillInput) => Promise<SkillDescriptor>;
  readonly onEvent: (event: CoordinatorEvent) => void;
  /** @throws NodelensError `lens_stopped` */
  readonly assertRunning: () => void;
  /** @throws NodelensError `memory_short` */
  readonly assertRoom: () => Promise<void>;
  readonly replace: Replace;
}

export function createOperatorHandle(options: OperatorHandleOptions): OperatorHandle {
  const specOf = async (operator: string | SkillInput): Promise<OperatorSpec> => {
    if (typeof operator === 'string')
      return resolvePlan(planNamed(options.plans, operator), options.describe);
    const skill = await options.load(operator);
    const limits = mergeLimits();
    return { name: skill.id, skill, mode: 'on-demand', restart: 'temporary', model: options.model, limits };
  };
  return {
    async run(operator, context, runOptions = {}) {
      options.assertRunning();
      const { signal, timeoutMs = DEFAULT_INVESTIGATION_MS, maxPauseMs } = validateRunOptions(runOptions);
      const checkedContext = validateContext(context);
      const spec = { ...(await specOf(operator)), mode: 'on-demand' as const };
      await options.assertRoom();
      const investigationId = randomId();
      options.onEvent({ type: 'operator.started', investigationId, operator: spec.name });
      return runOperator(
        await options.host(),
        {
          spec,
          investigationId,
          context: checkedContext,
          timeoutMs,
          caller: 'operator.run',
          ...(maxPauseMs !== undefined && { maxPauseMs }),
        },
        {
          signal: signal ?? new AbortController().signal,
          onEvent: (event) => options.onEvent({ ...event, investigationId }),
        },
      );
    },
    async replace(name, changes) {
      options.assertRunning();
      await options.replace(name, changes);
    },
  };
}
