// The options of Nodelens.start(), validated before anything is started: an unknown or malformed option is an error.
import type { Gate } from '../continuous/gate.ts';
import type { StrategyRef } from '../coordinator/strategy-ref.ts';
import { fail } from '../errors.ts';
import type { ModelInput, ModelRef } from '../llm/model.ts';
import { defaultOperatorLimits, type OperatorLimits } from '../operator/spec.ts';
import type { ScheduleOptions } from '../schedule/spec.ts';
import { defineSkill, isSkillSpec, type SkillInput } from '../skill.ts';
import type { WebhookOptions } from '../webhook/spec.ts';
import { type AnomalyOptions, anomalyCheck } from './anomaly-options.ts';
import {
  assertPasses,
  type Check,
  callable,
  flag,
  is,
  listOf,
  numberFrom,
  oneOf,
  shape,
  text,
  wholeNumber,
} from './checks.ts';
import { type IncidentOptions, incidentsCheck } from './incident-options.ts';
import type { TelemetryOptions } from './open-telemetry.ts';
import { assertSchedules, schedulesCheck, webhooksCheck } from './outreach-options.ts';
import { type SpendingOptions, spendingChecks } from './spending-options.ts';

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
  /** What wakes a continuous operator. Default: the system's. */
  readonly gate?: Gate;
}

/** What a new version of an operator has of its own; the rest stays as it is. */
export type OperatorChanges = Partial<
  Pick<OperatorOptions, 'skill' | 'model' | 'limits' | 'restart' | 'gate'>
>;

export interface NodelensOptions extends SpendingOptions, AnomalyOptions, IncidentOptions {
  /** Default: `anthropic()` if ANTHROPIC_API_KEY is set, else `triage()`. */
  readonly model?: ModelInput;
  /** Default: none; `nodelens/register` gives the built-in skills. */
  readonly operators?: readonly OperatorOptions[];
  /**
   * How investigations are led: `agentLoop()`, `pipeline()` or a module of your own. Default `agentLoop()`. A function can
   * only be given to a run on main (`lens.coordinator.run`): those of the control socket are led on another thread.
   */
  readonly strategy?: StrategyRef;
  /** Limits of all operators; see OperatorLimits for the defaults. */
  readonly limits?: Partial<OperatorLimits>;
  /**
   * What wakes the model of a continuous operator: `checks` of its skill that fire, `anomaly`: those or an anomaly of one
   * of its metrics, `always`: each round. Default `anomaly`.
   */
  readonly gate?: Gate;
  /**
   * Keeps a thread in reserve for continuous operators, so that one that is woken begins at once: 12 MB of memory, no
   * CPU. None where the gate of all is `always`. Default true.
   */
  readonly spareThread?: boolean;
  /** Investigations at certain times; they start while main is blocked, too. Default: none. */
  readonly schedules?: readonly ScheduleOptions[];
  /** Who is told of insights and other events, over HTTP. Default: nobody. */
  readonly webhooks?: readonly WebhookOptions[];
  /** The control socket for the `nodelens` command. Default true; a text is the folder to put it in. */
  readonly control?: boolean | string;
  /**
   * Folder where findings and the black box are kept over restarts; made when it is not there. Services may share one.
   * Default: none, findings live as long as the process.
   */
  readonly dataDir?: string | undefined;
  /** What leaves the process beside the events. */
  readonly telemetry?: TelemetryOptions;
  /** What is armed at the start. Default: both. */
  readonly armed?: { readonly profile?: boolean; readonly allocations?: boolean };
}

const limits = shape({
  maxIterations: wholeNumber(1, 1000),
  modelAttempts: wholeNumber(1, 10),
  maxPauseMs: numberFrom(0),
  compactAtTokens: numberFrom(1),
  compactKeepLast: wholeNumber(1),
  roundEveryMs: numberFrom(100),
  repeatAfterMs: numberFrom(0),
  // A thread with an operator at work has 10 MB of heap.
  memoryMb: numberFrom(32),
  maxCpuShare: is(
    (value) => typeof value === 'number' && value >= 0.05 && value <= 1,
    'a number from 0.05 to 1',
  ),
});
const modelExample = 'anthropic(), aiSdk({ provider, model }) or triage()';
const modelRef = shape(
  { kind: oneOf('model-ref'), name: text, module: text },
  { required: ['kind', 'name', 'module'], example: modelExample, isOpen: true },
);
const strategy: Check = (value) =>
  typeof value === 'function'
    ? {
        path: '',
        reason:
          'a function cannot leave main; give it to a run, or name the module that exports it; built-in ones are called: pipeline().',
      }
    : shape(
        { kind: oneOf('builtin-strategy', 'strategy-ref'), name: text },
        { required: ['kind', 'name'], example: 'agentLoop() or pipeline()', isOpen: true },
      )(value);
const liveModel = shape(
  { name: text, generate: callable },
  { required: ['name', 'generate'], example: modelExample, isOpen: true },
);
const gate = oneOf('checks', 'anomaly', 'always');
/** What may be given to an operator at its start and to a new version of it. */
const changeable = {
  skill: shape({ id: text }, { required: ['id'], example: 'runtime() or defineSkill({ … })', isOpen: true }),
  restart: oneOf('permanent', 'transient', 'temporary'),
  model: modelRef,
  limits,
  gate,
};
const NAME = /^[a-z][a-z0-9_-]*$/i;
const changes = shape(changeable);
const start = shape({
  model: (value) => ((value as { kind?: unknown } | null)?.kind === undefined ? liveModel : modelRef)(value),
  operators: listOf(
    shape(
      {
        ...changeable,
        name: is(
          (value) => typeof value === 'string' && NAME.test(value),
          'a name: a letter, then letters, digits, "_" or "-"',
        ),
        mode: oneOf('continuous', 'on-demand'),
      },
      { required: ['skill'], example: '{ skill: runtime() }' },
    ),
  ),
  limits,
  strategy,
  gate,
  spareThread: flag,
  schedules: schedulesCheck,
  webhooks: webhooksCheck,
  ...spendingChecks,
  anomaly: anomalyCheck,
  incidents: incidentsCheck,
  control: is((value) => typeof value === 'boolean' || typeof value === 'string', 'true, false or a folder'),
  dataDir: is((value) => typeof value === 'string' && value !== '', 'a folder'),
  telemetry: shape({ openTelemetry: flag }, { example: '{ openTelemetry: true }' }),
  armed: shape({ profile: flag, allocations: flag }, { example: '{ profile: false, allocations: false }' }),
});

/**
 * @throws NodelensError `option_invalid` with the path of the option, `skill_duplicate`, `skill_invalid`,
 * `operator_duplicate`, `operator_unknown`, `schedule_invalid`, `node_unsupported`.
 */
export function validateOptions(options: NodelensOptions): NodelensOptions {
  // npm only warns of it, and then the first call of what an older Node lacks would be all that is said.
  if (Number(/^v(\d+)/.exec(process.version)?.[1]) < 24)
    throw fail('node_unsupported', { version: process.version });
  assertPasses(start, options, 'options');
  const names = new Set<string>();
  const skills = new Map<string, SkillInput>();
  for (const operator of options.operators ?? []) {
    const name = operatorName(operator);
    if (names.has(name)) throw fail('operator_duplicate', { operator: name });
    names.add(name);
    registerSkill(skills, operator.skill);
  }
  assertSchedules(options.schedules ?? [], [...new Set([...names, ...skills.keys()])]);
  return options;
}

/** @throws NodelensError `option_invalid`, `skill_invalid`. */
export function validateChanges(given: OperatorChanges): OperatorChanges {
  assertPasses(changes, given, 'changes');
  if (given.skill !== undefined && !isSkillSpec(given.skill)) defineSkill(given.skill);
  return given;
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
