// The options of Nodelens.start(), validated before anything is started: an unknown or malformed option is an error.
import * as v from 'valibot';
import { fail } from '../errors.ts';
import type { ModelInput, ModelRef } from '../llm/model.ts';
import { defaultOperatorLimits, type OperatorLimits } from '../operator/spec.ts';
import { defineSkill, isSkillSpec, type SkillInput } from '../skill.ts';

export interface OperatorOptions {
  readonly skill: SkillInput;
  /** Default: the skill's id. Unique. */
  readonly name?: string;
  /** `continuous`: lives and looks again every `roundEveryMs`. Default `on-demand`. */
  readonly mode?: 'on-demand' | 'continuous';
  /** What happens when a continuous operator dies. Default `permanent`. */
  readonly restart?: 'permanent' | 'transient' | 'temporary';
  /** Default: the system's model. A live model can only be given to the whole system. */
  readonly model?: ModelRef;
  /** Overrides of the system's limits. */
  readonly limits?: Partial<OperatorLimits>;
}

export interface NodelensOptions {
  /** Default: `anthropic()` if ANTHROPIC_API_KEY is set, else `triage()`. */
  readonly model?: ModelInput;
  /** Default: none; `nodelens/register` gives the built-in skills. */
  readonly operators?: readonly OperatorOptions[];
  /** Limits of all operators; see OperatorLimits for the defaults. */
  readonly limits?: Partial<OperatorLimits>;
  /** The control socket for the `nodelens` command. Default true; a text is the folder to put it in. */
  readonly control?: boolean | string;
  /** What is armed at the start. Default: both. */
  readonly armed?: { readonly profile?: boolean; readonly allocations?: boolean };
}

const positive = v.pipe(v.number(), v.minValue(1));
const limits = v.strictObject({
  maxIterations: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000))),
  modelAttempts: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10))),
  maxPauseMs: v.optional(v.pipe(v.number(), v.minValue(0))),
  compactAtTokens: v.optional(positive),
  compactKeepLast: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  roundEveryMs: v.optional(v.pipe(v.number(), v.minValue(100))),
});
const modelRef = v.looseObject({ kind: v.literal('model-ref'), name: v.string(), module: v.string() });
const schema = v.strictObject({
  model: v.optional(v.union([modelRef, v.looseObject({ name: v.string(), generate: v.function() })])),
  operators: v.optional(
    v.array(
      v.strictObject({
        skill: v.looseObject({ id: v.string() }),
        name: v.optional(v.pipe(v.string(), v.regex(/^[a-z][a-z0-9_-]*$/i))),
        mode: v.optional(v.picklist(['on-demand', 'continuous'])),
        restart: v.optional(v.picklist(['permanent', 'transient', 'temporary'])),
        model: v.optional(modelRef),
        limits: v.optional(limits),
      }),
    ),
  ),
  limits: v.optional(limits),
  control: v.optional(v.union([v.boolean(), v.string()])),
  armed: v.optional(
    v.strictObject({ profile: v.optional(v.boolean()), allocations: v.optional(v.boolean()) }),
  ),
});

/**
 * @throws NodelensError `option_invalid` with the path of the option, `skill_duplicate`, `skill_invalid`,
 * `operator_duplicate`.
 */
export function validateOptions(options: NodelensOptions): NodelensOptions {
  const parsed = v.safeParse(schema, options);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw fail('option_invalid', { option: v.getDotPath(issue) ?? 'options', reason: issue.message });
  }
  const names = new Set<string>();
  const skills = new Map<string, SkillInput>();
  for (const operator of options.operators ?? []) {
    const name = operatorName(operator);
    if (names.has(name)) throw fail('operator_duplicate', { operator: name });
    names.add(name);
    registerSkill(skills, operator.skill);
  }
  return options;
}

/** One skill may serve several operators; two different skills of one id may not. */
export function registerSkill(skills: Map<string, SkillInput>, skill: SkillInput): void {
  if (!isSkillSpec(skill)) defineSkill(skill);
  const known = skills.get(skill.id);
  if (known !== undefined && !sameSkill(known, skill)) throw fail('skill_duplicate', { skill: skill.id });
  skills.set(skill.id, skill);
}

export const operatorName = (operator: OperatorOptions): string => operator.name ?? operator.skill.id;

export const mergeLimits = (...overrides: readonly (Partial<OperatorLimits> | undefined)[]): OperatorLimits =>
  Object.assign({}, defaultOperatorLimits, ...overrides) as OperatorLimits;

function sameSkill(a: SkillInput, b: SkillInput): boolean {
  if (isSkillSpec(a) && isSkillSpec(b)) return JSON.stringify(a) === JSON.stringify(b);
  return a === b;
}
