// One interface for the two places where skills live (the recorder thread and main): validates, caps, redacts,
// and turns whatever a skill does wrong into a typed error (how: skill-work.ts).
import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { type Clock, systemClock } from './actor/clock.ts';
import { baseCallbacks } from './base-callbacks.ts';
import { fail, isError, reasonOf } from './errors.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { CheckFinding } from './llm/briefing.ts';
import {
  type Callback,
  type Conclusion,
  defineSkill,
  type Finding,
  type Skill,
  type SkillSpec,
} from './skill.ts';
import { callSkill, concludeCheck, DEFAULT_TIMEOUT_MS, runChecks, takeSnapshot } from './skill-work.ts';

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
  readonly host: 'recorder' | 'main';
}

export interface Grant {
  /** Default 250. */
  readonly maxPauseMs?: number;
  /** Upper bound in ms; the callback's own deadline counts too. */
  readonly timeoutMs?: number;
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
}

interface Loaded {
  readonly skill: Skill;
  /** Its own and the base ones. */
  readonly callbacks: ReadonlyMap<string, Callback>;
  /** Checks that threw, with their reasons: told, never fatal. */
  readonly limitations: Set<string>;
}

/**
 * Serves `skills` in this thread.
 * @throws NodelensError `skill_invalid`, `skill_duplicate`, `skill_callback_clash`.
 */
export function createSkillHost(skills: readonly Skill[], options: SkillHostOptions = {}): LocalSkillHost {
  const { host = 'main', clock = systemClock } = options;
  const loaded = new Map<string, Loaded>();
  const add = (skill: Skill): void => addTo(loaded, skill, options);
  for (const skill of skills) add(skill);
  const find = (skillId: string): Loaded => {
    const found = loaded.get(skillId);
    if (found === undefined)
      throw fail('skill_unknown', { skill: skillId, available: [...loaded.keys()].join(', ') || 'none' });
    return found;
  };
  const descriptor = (skillId: string): SkillDescriptor => describeSkill(find(skillId), host);
  return {
    has: (skillId) => loaded.has(skillId),
    add,
    descriptor,
    load: async (spec) => {
      if (loaded.has(spec.id)) return descriptor(spec.id);
      const skill = await loadWith(options.loader, spec);
      // Another call may have loaded it meanwhile.
      if (!loaded.has(skill.id)) add(skill);
      return descriptor(spec.id);
    },
    describe: async (skillId) => descriptor(skillId),
    snapshot: async (skillId) => takeSnapshot(find(skillId).skill, clock),
    call: async (skillId, name, args, grant) =>
      callSkill({ name, callback: callbackOf(find(skillId), name) }, args, { grant, clock }),
    check: async (skillId, snapshot, history) => runChecks(find(skillId), snapshot, history),
    conclude: async (skillId, checkId, evidence, finding) =>
      concludeCheck(find(skillId).skill, checkId, { evidence, finding }),
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

function addTo(loaded: Map<string, Loaded>, skill: Skill, options: SkillHostOptions): void {
  defineSkill(skill);
  if (loaded.has(skill.id)) throw fail('skill_duplicate', { skill: skill.id });
  const limitations = new Set<string>();
  const base = baseCallbacks(options.clock ?? systemClock, () => [
    ...(options.limitations?.() ?? []),
    ...limitations,
  ]);
  for (const callback of Object.keys(skill.callbacks)) {
    const first = Object.hasOwn(base, callback)
      ? 'nodelens'
      : [...loaded.values()].find((other) => other.callbacks.has(callback))?.skill.id;
    if (first !== undefined) throw fail('skill_callback_clash', { callback, first, second: skill.id });
  }
  loaded.set(skill.id, {
    skill,
    callbacks: new Map(Object.entries({ ...skill.callbacks, ...base })),
    limitations,
  });
}

function callbackOf({ callbacks }: Loaded, name: string): Callback {
  const callback = callbacks.get(name);
  if (callback !== undefined) return callback;
  throw fail('skill_callback_unknown', { callback: name, available: [...callbacks.keys()].join(', ') });
}

function describeSkill({ skill, callbacks }: Loaded, host: 'recorder' | 'main'): SkillDescriptor {
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
    host,
  };
}

function schemaAsJson(schema: v.GenericSchema): JsonObject {
  // What JSON Schema cannot say (a custom check) is left out of the documentation; the validation still has it.
  const { $schema: _, ...json } = toJsonSchema(schema, { errorMode: 'ignore' });
  return json as JsonObject;
}
