// From options to plans: which skills are loaded where, which model serves whom.
import { defaultModel } from '../llm/default-model.ts';
import { isModelRef, type Model } from '../llm/model.ts';
import type { OperatorPlan } from '../operator/plan.ts';
import type { ModelChoice } from '../operator/spec.ts';
import { isSkillSpec, type Skill, type SkillInput, type SkillSpec } from '../skill.ts';
import { mergeLimits, type NodelensOptions, operatorName, registerSkill } from './options.ts';

export interface Planned {
  readonly plans: readonly OperatorPlan[];
  readonly model: ModelChoice;
  /** The user's live model object, called over RPC by those who chose `main-model`. */
  readonly liveModel: Model | undefined;
  /** Loaded by the recorder thread. */
  readonly recorderSkills: readonly SkillSpec[];
  /** Hosted on main. */
  readonly mainSkills: readonly Skill[];
}

export function planOperators(options: NodelensOptions): Planned {
  const given = options.model ?? defaultModel(process.env);
  const model: ModelChoice = isModelRef(given) ? given : { kind: 'main-model', name: given.name };
  const skills = new Map<string, SkillInput>();
  const plans = (options.operators ?? []).map((operator): OperatorPlan => {
    registerSkill(skills, operator.skill);
    return {
      name: operatorName(operator),
      skillId: operator.skill.id,
      mode: operator.mode ?? 'on-demand',
      restart: operator.restart ?? 'permanent',
      model: operator.model ?? model,
      limits: mergeLimits(options.limits, operator.limits),
    };
  });
  return {
    plans,
    model,
    liveModel: isModelRef(given) ? undefined : given,
    recorderSkills: [...skills.values()].filter(isSkillSpec),
    mainSkills: [...skills.values()].filter((skill): skill is Skill => !isSkillSpec(skill)),
  };
}
