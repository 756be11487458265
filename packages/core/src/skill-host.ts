// One interface for the two places where skills live (the recorder thread and main): validates, caps, redacts,
// and turns whatever a skill does wrong into a typed error.

import type { JsonObject, JsonValue } from './json.ts';
import type { CheckFinding } from './llm/briefing.ts';
import type { Conclusion, Finding } from './skill.ts';

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
