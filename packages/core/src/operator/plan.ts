// Operators before their skills are loaded: what start() knows at once, and how it becomes specs when the skill
// hosts have described their skills.
import type { RestartType } from '../actor/supervision/child-spec.ts';
import type { Gate } from '../continuous/gate.ts';
import { fail } from '../errors.ts';
import type { SkillDescriptor } from '../skill-host.ts';
import type { ModelChoice, OperatorLimits, OperatorSpec } from './spec.ts';

export interface OperatorPlan {
  readonly name: string;
  readonly skillId: string;
  readonly mode: 'on-demand' | 'continuous';
  readonly restart: RestartType;
  readonly model: ModelChoice;
  readonly limits: OperatorLimits;
  /** What wakes it in continuous mode. */
  readonly gate: Gate;
}

/** @param describe asks the host of that skill; rejects for an unknown one. */
export function resolvePlans(
  plans: readonly OperatorPlan[],
  describe: (skillId: string) => Promise<SkillDescriptor>,
): Promise<OperatorSpec[]> {
  return Promise.all(plans.map((plan) => resolvePlan(plan, describe)));
}

export async function resolvePlan(
  { skillId, gate: _gate, ...plan }: OperatorPlan,
  describe: (skillId: string) => Promise<SkillDescriptor>,
): Promise<OperatorSpec> {
  return { ...plan, skill: await describe(skillId) };
}

/** @throws NodelensError `operator_unknown`, which names those that exist. */
export function planNamed(plans: readonly OperatorPlan[], name: string): OperatorPlan {
  const plan = plans.find((candidate) => candidate.name === name);
  if (plan === undefined)
    throw fail('operator_unknown', {
      operator: name,
      available: plans.map((p) => p.name).join(', ') || 'none',
    });
  return plan;
}
