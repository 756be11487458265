// From options to plans: which skills are loaded where, which model serves whom.
import type { StrategyRef } from '../coordinator/strategy-ref.ts';
import { defaultModel } from '../llm/default-model.ts';
import { isModelRef, type Model } from '../llm/model.ts';
import type { OperatorPlan } from '../operator/plan.ts';
import type { ModelChoice } from '../operator/spec.ts';
import type { RecorderOptions } from '../recorder/recorder-handle.ts';
import { isSkillSpec, type Skill, type SkillInput, type SkillSpec } from '../skill.ts';
import type { SkillDescriptor } from '../skill-host.ts';
import { anomalyOf } from './anomaly-options.ts';
import { incidentsOf } from './incident-options.ts';
import { mergeLimits, type NodelensOptions, operatorName, registerSkill } from './options.ts';
import type { RecorderInit } from './recorder-init.ts';
import type { SpendingOptions } from './spending-options.ts';

export interface Planned {
  readonly startedAtMs: number;
  readonly plans: readonly OperatorPlan[];
  readonly model: ModelChoice;
  /** Of investigations; the agent loop when undefined. */
  readonly strategy: StrategyRef | undefined;
  /** The user's live model object, called over RPC by those who chose `main-model`. */
  readonly liveModel: Model | undefined;
  /** Loaded by the recorder thread. */
  readonly recorderSkills: readonly SkillSpec[];
  /** Hosted on main. */
  readonly mainSkills: readonly Skill[];
  /** Folder of the control socket; null when there is none. */
  readonly control: RecorderInit['control'];
  readonly spending: SpendingOptions;
  readonly spareThread: boolean;
  readonly anomaly: RecorderInit['anomaly'];
  readonly incidents: RecorderInit['incidents'];
  /** What acts by itself, as it was given. */
  readonly outreach: Pick<RecorderInit, 'schedules' | 'webhooks'>;
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
      gate: operator.gate ?? options.gate ?? 'anomaly',
    };
  });
  return {
    startedAtMs: Date.now(),
    plans,
    model,
    strategy: options.strategy,
    liveModel: isModelRef(given) ? undefined : given,
    recorderSkills: [...skills.values()].filter(isSkillSpec),
    mainSkills: [...skills.values()].filter((skill): skill is Skill => !isSkillSpec(skill)),
    control: controlOf(options.control),
    spending: spendingOf(options),
    spareThread: options.spareThread ?? true,
    anomaly: anomalyOf(options, plans),
    incidents: incidentsOf(options),
    outreach: outreachOf(options),
  };
}

const controlOf = (control: NodelensOptions['control'] = true): RecorderInit['control'] =>
  control === false ? null : typeof control === 'string' ? { directory: control } : {};

/** Plain JSON, for it goes to another thread. */
const spendingOf = ({ budget, prices, concurrency }: NodelensOptions): SpendingOptions =>
  JSON.parse(JSON.stringify({ budget, prices, concurrency })) as SpendingOptions;

/** Plain JSON, for it goes to another thread. */
const outreachOf = ({ schedules, webhooks }: NodelensOptions): Planned['outreach'] =>
  JSON.parse(JSON.stringify({ schedules, webhooks })) as Planned['outreach'];

/** What a life of the recorder starts with. */
export function recorderStart(
  {
    startedAtMs,
    plans,
    model,
    strategy,
    recorderSkills,
    control,
    spending,
    spareThread,
    anomaly,
    incidents,
    outreach,
  }: Planned,
  mainSkills: readonly SkillDescriptor[],
): Pick<RecorderOptions, 'skills' | 'init'> {
  const init: RecorderInit = {
    startedAtMs,
    operators: plans,
    model,
    ...(strategy && { strategy }),
    mainSkills,
    control,
    spending,
    spareThread,
    anomaly,
    incidents,
    ...outreach,
  };
  return { skills: recorderSkills, init: init as unknown as RecorderOptions['init'] };
}
