// New versions of configured operators, live: what is new is loaded and checked before anything of the old is given up.
import { Turns } from '../actor/supervision/turns.ts';
import type { ResidentsDesk } from '../continuous/residents-desk.ts';
import { fail } from '../errors.ts';
import { type OperatorPlan, planNamed, resolvePlan } from '../operator/plan.ts';
import { isSkillSpec, type SkillInput } from '../skill.ts';
import type { SkillDescriptor } from '../skill-host.ts';
import type { LensEvent } from '../telemetry/events.ts';
import { mergeLimits, type OperatorChanges, validateChanges } from './options.ts';

export interface ReplacementOptions {
  /** In the order of the options; the new version takes its place in it. */
  readonly plans: OperatorPlan[];
  /** By id; the new version takes its place in it. */
  readonly skills: Map<string, SkillInput>;
  readonly describe: (skillId: string) => Promise<SkillDescriptor>;
  /** On the thread where the skill lives. */
  readonly replaceSkill: (next: SkillInput, old: SkillInput) => Promise<void>;
  /** A continuous operator, on the recorder; it tells `operator.replaced` itself. */
  readonly replaceResident: ResidentsDesk['replace'];
  /** Plans and skills have changed. */
  readonly onReplaced: () => Promise<void>;
  readonly onEvent: (event: LensEvent) => void;
}

export type Replace = (name: string, changes: OperatorChanges) => Promise<void>;

/** One at a time, in order of asking. */
export function createReplacement(options: ReplacementOptions): Replace {
  const turns = new Turns('replacement', () => undefined);
  return (name, given) => turns.take(() => replace(options, name, validateChanges(given)));
}

async function replace(options: ReplacementOptions, name: string, changes: OperatorChanges): Promise<void> {
  const { plans, skills } = options;
  const plan = planNamed(plans, name);
  const { skill: next, limits, ...rest } = changes;
  const old = skills.get(plan.skillId);
  if (next !== undefined) assertSameKind(next, old);
  const renewed: OperatorPlan = { ...plan, ...rest, limits: mergeLimits(plan.limits, limits) };
  if (next !== undefined && old !== undefined) await options.replaceSkill(next, old);
  try {
    await goLive(options, renewed, next === undefined);
  } catch (error) {
    // The old actor goes on, with the skill that it had.
    if (next !== undefined && old !== undefined) await options.replaceSkill(old, next).catch(() => undefined);
    throw error;
  }
  plans[plans.indexOf(plan)] = renewed;
  if (next !== undefined) skills.set(next.id, next);
  await options.onReplaced();
}

async function goLive(
  { describe, replaceResident, onEvent }: ReplacementOptions,
  plan: OperatorPlan,
  isSameSkill: boolean,
): Promise<void> {
  if (plan.mode === 'continuous')
    await replaceResident({ spec: await resolvePlan(plan, describe), gate: plan.gate }, isSameSkill);
  else onEvent({ type: 'operator.replaced', operator: plan.name });
}

/** Another domain is another operator, and a skill does not move to another thread. */
function assertSameKind(next: SkillInput, old: SkillInput | undefined): void {
  const invalid = (reason: string): Error => fail('option_invalid', { option: 'skill', reason });
  if (old?.id !== next.id) throw invalid(`it must be a new version of "${old?.id}", not "${next.id}".`);
  if (isSkillSpec(old) === isSkillSpec(next)) return;
  throw invalid(
    isSkillSpec(old)
      ? 'it must be given as a spec, as the old one.'
      : 'it must live on main, as the old one.',
  );
}
