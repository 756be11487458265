// One interface for the two places where skills live (the recorder thread and main): validates, caps, redacts,
// and turns whatever a skill does wrong into a typed error (how: skill-work.ts).
import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { type Clock, systemClock } from './actor/clock.ts';
import { baseCallbacks } from './base-callbacks.ts';
import type { CheckFinding } from './check-finding.ts';
import { fail, isError, reasonOf } from './errors.ts';
import { freshUrl } from './fresh-url.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { createLoadedSkill, type LoadedSkill } from './loaded-skill.ts';
import {
  type Callback,
  type Conclusion,
  defineSkill,
  type Finding,
  type Skill,
  type SkillSpec,
} from './skill.ts';
import {
  callSkill,
  concludeCheck,
  DEFAULT_TIMEOUT_MS,
  type Grant,
  runChecks,
  takeSnapshot,
} from './skill-work.ts';

export interface CallbackDescriptor {
  readonly name: string;
  readonly description: string;
  /** In positional order. */
  readonly params: readonly {
    readonly name: string;
    readonly schema: JsonObject;
    readonly optional: boolean;
  }[];
  readonly timeoutMs: number;
}

/** A skill as data: what prompts, tools and the coordinator need to know of it. */
export interface SkillDescriptor {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly systemPrompt: string;
  readonly callbacks: readonly CallbackDescriptor[];
  readonly checks: readonly { readonly id: string; readonly explains: readonly string[] }[];
  readonly keywords: readonly string[];
  readonly metrics?: NonNullable<Skill['metrics']>;
  readonly host: 'recorder' | 'main';
}

/**
 * The skills of one thread. All arguments and results are JSON, redacted and capped; every method rejects with a
 * NodelensError (`skill_*`), never with anything else. It is the same surface in the thread and over a port.
 */
export interface SkillHost {
  /**
   * Makes a skill available that is given as data; the one that has its id already stays.
   * @throws NodelensError `skill_invalid` when its module cannot be loaded, or this host loads none.
   */
  load(spec: SkillSpec): Promise<SkillDescriptor>;
  /**
   * Puts a new version in the place of the skill with that id; it is loaded anew and checked first. Calls under way end
   * on the old one, which is closed then.
   * @throws NodelensError `skill_invalid`, `skill_callback_clash`, `skill_unknown`; the old one goes on.
   */
  replace(spec: SkillSpec): Promise<SkillDescriptor>;
  describe(skillId: string): Promise<SkillDescriptor>;
  snapshot(skillId: string): Promise<JsonObject>;
  call(skillId: string, callback: string, args: readonly JsonValue[], grant: Grant): Promise<JsonValue>;
  check(
    skillId: string,
    snapshot: JsonObject,
    history: readonly JsonObject[],
  ): Promise<readonly CheckFinding[]>;
  conclude(
    skillId: string,
    checkId: string,
    evidence: JsonValue,
    finding: Finding,
  ): Promise<Conclusion | null>;
}

/** A host in its own thread. */
export interface LocalSkillHost extends SkillHost {
  has(skillId: string): boolean;
  /** @throws NodelensError as {@link createSkillHost}. */
  add(skill: Skill): void;
  /** {@link SkillHost.replace} with the skill itself. */
  swap(skill: Skill): SkillDescriptor;
  /** @throws NodelensError `skill_unknown` */
  descriptor(skillId: string): SkillDescriptor;
}

export interface SkillHostOptions {
  /** Where the skills live. Default `main`. */
  readonly host?: 'recorder' | 'main';
  readonly clock?: Clock;
  /** What this host cannot observe, told by `get_node_info()`. */
  readonly limitations?: () => readonly string[];
  /** Makes the skill of a spec; without it the host loads none. */
  readonly loader?: (spec: SkillSpec) => Promise<Skill>;
  /** A skill has been replaced, and its last call has ended; or it was loaded and is not used. */
  readonly onClosed?: (skill: Skill) => void;
}

type Skills = Map<string, LoadedSkill>;

/**
 * Serves `skills` in this thread.
 * @throws NodelensError `skill_invalid`, `skill_duplicate`, `skill_callback_clash`.
 */
export function createSkillHost(skills: readonly Skill[], options: SkillHostOptions = {}): LocalSkillHost {
  const { host = 'main', clock = systemClock } = options;
  const loaded: Skills = new Map();
  const add = (skill: Skill): void => {
    defineSkill(skill);
    if (loaded.has(skill.id)) throw fail('skill_duplicate', { skill: skill.id });
    loaded.set(skill.id, prepare(loaded, skill, options));
  };
  for (const skill of skills) add(skill);
  const find = (skillId: string): LoadedSkill => {
    const found = loaded.get(skillId);
    if (found === undefined)
      throw fail('skill_unknown', { skill: skillId, available: [...loaded.keys()].join(', ') || 'none' });
    return found;
  };
  const descriptor = (skillId: string): SkillDescriptor => describeSkill(find(skillId), host);
  const swap = (skill: Skill): SkillDescriptor => {
    defineSkill(skill);
    const old = find(skill.id);
    loaded.set(skill.id, prepare(loaded, skill, options));
    old.retire();
    return descriptor(skill.id);
  };
  const using = async <T>(skillId: string, call: (skill: LoadedSkill) => Promise<T>): Promise<T> => {
    const skill = find(skillId);
    return skill.use(() => call(skill));
  };
  return {
    has: (skillId) => loaded.has(skillId),
    add,
    swap,
    descriptor,
    replace: async (spec) => {
      find(spec.id);
      const skill = await loadWith(options.loader, { ...spec, module: freshUrl(spec.module) });
      try {
        return swap(skill);
      } catch (error) {
        options.onClosed?.(skill);
        throw error;
      }
    },
    load: async (spec) => {
      if (loaded.has(spec.id)) return descriptor(spec.id);
      const skill = await loadWith(options.loader, spec);
      // Another call may have loaded it meanwhile.
      if (loaded.has(skill.id)) options.onClosed?.(skill);
      else add(skill);
      return descriptor(spec.id);
    },
    describe: async (skillId) => descriptor(skillId),
    snapshot: (skillId) => using(skillId, ({ skill }) => takeSnapshot(skill, clock)),
    call: (skillId, name, args, grant) =>
      using(skillId, async (skill) =>
        callSkill({ name, callback: callbackOf(skill, name) }, args, { grant, clock }),
      ),
    check: (skillId, snapshot, history) => using(skillId, (skill) => runChecks(skill, snapshot, history)),
    conclude: (skillId, checkId, evidence, finding) =>
      using(skillId, async ({ skill }) => concludeCheck(skill, checkId, { evidence, finding })),
  };
}

async function loadWith(loader: SkillHostOptions['loader'], spec: SkillSpec): Promise<Skill> {
  const invalid = (reason: string, cause?: unknown): Error =>
    fail('skill_invalid', { skill: spec.id, reason }, { cause });
  if (loader === undefined) throw invalid('this host loads no skills; give the skill itself, not its spec.');
  let skill: Skill;
  try {
    skill = await loader(spec);
  } catch (error) {
    throw isError(error) ? error : invalid(`its module failed: ${reasonOf(error)}`, error);
  }
  if (skill.id !== spec.id) throw invalid(`its module made a skill named "${skill.id}".`);
  return skill;
}

/** @throws NodelensError `skill_callback_clash` with another skill of the host. */
function prepare(loaded: Skills, skill: Skill, options: SkillHostOptions): LoadedSkill {
  const limitations = new Set<string>();
  const base = baseCallbacks(options.clock ?? systemClock, () => [
    ...(options.limitations?.() ?? []),
    ...limitations,
  ]);
  const others = [...loaded.values()].filter((other) => other.skill.id !== skill.id);
  for (const callback of Object.keys(skill.callbacks)) {
    const first = Object.hasOwn(base, callback)
      ? 'nodelens'
      : others.find((other) => other.callbacks.has(callback))?.skill.id;
    if (first !== undefined) throw fail('skill_callback_clash', { callback, first, second: skill.id });
  }
  const callbacks = new Map(Object.entries({ ...skill.callbacks, ...base }));
  return createLoadedSkill({ skill, callbacks, limitations }, options.onClosed ?? (() => undefined));
}

function callbackOf({ callbacks }: LoadedSkill, name: string): Callback {
  const callback = callbacks.get(name);
  if (callback !== undefined) return callback;
  throw fail('skill_callback_unknown', { callback: name, available: [...callbacks.keys()].join(', ') });
}

function describeSkill({ skill, callbacks }: LoadedSkill, host: 'recorder' | 'main'): SkillDescriptor {
  return {
    id: skill.id,
    title: skill.title,
    description: skill.description,
    systemPrompt: skill.systemPrompt,
    callbacks: [...callbacks].map(([name, callback]) => ({
      name,
      description: callback.description,
      params: Object.entries(callback.params ?? {}).map(([param, schema]) => ({
        name: param,
        schema: schemaAsJson(schema),
        optional: v.safeParse(schema, undefined).success,
      })),
      timeoutMs: callback.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    })),
    checks: (skill.checks ?? []).map(({ id, explains = [] }) => ({ id, explains })),
    keywords: skill.keywords ?? [],
    ...(skill.metrics && { metrics: skill.metrics }),
    host,
  };
}

function schemaAsJson(schema: v.GenericSchema): JsonObject {
  // What JSON Schema cannot say (a custom check) is left out of the documentation; the validation still has it.
  const { $schema: _, ...json } = toJsonSchema(schema, { errorMode: 'ignore' });
  return json as JsonObject;
}
