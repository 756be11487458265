// The contract that skill authors see: a skill is what one domain can tell (snapshot, callbacks) and what is
// known about it (prompt, checks). Skills only read; nothing here acts on the process.
import type { GenericSchema } from 'valibot';
import { fail } from './errors.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { ProbeSpec } from './recorder/probe.ts';

/** What a finding is about, so that code can match findings of different operators. */
export interface Subject {
  readonly kind:
    | 'function'
    | 'collection'
    | 'endpoint'
    | 'peer'
    | 'resource'
    | 'logger'
    | 'worker'
    | 'process';
  readonly name: string;
  /** Source file; the original one where a source map exists. */
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  readonly value?: number;
  readonly unit?: string;
}

export type Severity = 'info' | 'warning' | 'critical';

/** What a caller grants to one call. */
export interface CallContext {
  /** How long the call may pause the main thread, in ms. Default 250. What needs more is refused with the figure. */
  readonly maxPauseMs: number;
  /** How long the call may take, in ms. */
  readonly timeoutMs: number;
  /** Aborted when the caller gave up. */
  readonly signal: AbortSignal;
}

export type ParamSchemas = { readonly [name: string]: GenericSchema };

/** One function that the model's scripts may call. */
export interface Callback {
  /** One sentence for the model: what it returns, with units; what it costs if it costs something. */
  readonly description: string;
  /** Parameters by name; their order is the position in the call. */
  readonly params?: ParamSchemas;
  /**
   * Gets the validated arguments by position, then the {@link CallContext}; returns JSON.
   * Longest it may run, in ms: `timeoutMs`, default 5,000.
   */
  // A method, not a property: so a function may declare the types that `params` check, which the compiler cannot relate.
  run(...args: unknown[]): unknown;
  /** Deadline of one call in ms; default 5,000. */
  readonly timeoutMs?: number;
}

/** The state that one snapshot found to be worth a look. JSON. */
export type Finding = JsonObject;

/** What a check concludes from its evidence: facts apart from speculation. */
export interface Conclusion {
  readonly severity: Severity;
  /** FACT: the state of the system. No hedge words. */
  readonly context: string;
  /** FACT: what was seen, with figures. No hedge words. */
  readonly observation: string;
  /** SPECULATION, or the cause that the evidence supports. */
  readonly hypothesis?: string;
  readonly subjects: readonly Subject[];
  /**
   * The evidence is not complete yet (a native call that has not returned): report this now, look again after that
   * many ms (with {@link Check.followUp}, or else `investigate`), and report again.
   */
  readonly againAfterMs?: number;
}

/** What `triage` and the gate of continuous mode know about a skill. */
export interface Check {
  /** `<skill>.<what>`; it becomes the notification's type. */
  readonly id: string;
  /** Looks at a snapshot's data (and at earlier ones, oldest first); undefined when there is nothing to look into. */
  readonly when: (snapshot: JsonObject, history: readonly JsonObject[]) => Finding | undefined;
  /** A sandbox script (an async function body) that gathers the evidence. */
  readonly investigate: string;
  /**
   * The script for every further look at evidence that was not complete; default `investigate`. `maxWaitMs` is
   * defined in it: so long it may sit in a callback that waits for what is missing, instead of being run over and over.
   */
  readonly followUp?: string;
  /** Draws the conclusion from what a script returned; undefined when the evidence clears the suspicion. */
  readonly conclude: (evidence: JsonValue, finding: Finding) => Conclusion | undefined;
  /** Ids of checks that this one is a cause of. */
  readonly explains?: readonly string[];
}

/** How the anomaly detector takes a field: a counter as its rate, `none` not at all (the age of what may well be old). */
export type MetricKind = 'gauge' | 'counter' | 'none';

/** A skill, alive in the thread that hosts it. */
export interface Skill {
  /** Lower case; prefix of every callback name (`runtime` -> `runtime_memory`). */
  readonly id: string;
  readonly title: string;
  /** One line; the coordinator chooses operators by it. */
  readonly description: string;
  /** Identity, domain, thresholds with sources, and what is normal and must not be reported. */
  readonly systemPrompt: string;
  /** Flat, fast (under 10 ms), JSON; units in the field names (`heapUsedMb`). */
  readonly snapshot: () => JsonObject | Promise<JsonObject>;
  readonly callbacks: { readonly [name: string]: Callback };
  readonly checks?: readonly Check[];
  /** Words by which a reason is matched to this skill (`memory`, `latency`). */
  readonly keywords?: readonly string[];
  /** Numeric fields of the snapshot that the anomaly detector would take for something else (docs/anomalies.md). */
  readonly metrics?: { readonly [field: string]: MetricKind };
  /**
   * Releases what it holds (timers, listeners, connections); called when a new version has taken its place and the last
   * call on it has ended. What it listened to over its probes' feeds and its context ends by itself.
   */
  readonly close?: () => void | Promise<void>;
}

/** A skill as data: where to load it. Built-in skills are hosted by the recorder thread. */
export interface SkillSpec {
  readonly kind: 'skill-spec';
  readonly id: string;
  /** URL of a module that exports a {@link SkillFactory} as `exportName`. */
  readonly module: string;
  readonly exportName: string;
  readonly options: JsonObject;
  /** What of it must run on the main thread; its factory gets their feeds in this order. */
  readonly probes?: readonly ProbeSpec[];
}

/** What may stand in `operators[].skill` and in `operator.run()`. */
export type SkillInput = Skill | SkillSpec;

export const isSkillSpec = (skill: SkillInput): skill is SkillSpec =>
  (skill as SkillSpec).kind === 'skill-spec';

const ID = /^[a-z][a-z0-9-]*$/;
const METRIC_KINDS: ReadonlySet<string> = new Set<MetricKind>(['gauge', 'counter', 'none']);

/** The prefix that every callback of a skill carries: its id with dashes as underscores, and an underscore. */
export const callbackPrefix = (skillId: string): string => `${skillId.replaceAll('-', '_')}_`;

/**
 * Defines a skill with closures over the caller's own objects; it is hosted on the main thread.
 * @throws NodelensError `skill_invalid` when the id, a callback name or a check id breaks the naming rules.
 */
export function defineSkill(skill: Skill): Skill {
  const complaint = complaintAbout(skill);
  if (complaint !== undefined) throw fail('skill_invalid', { skill: String(skill?.id), reason: complaint });
  return skill;
}

function complaintAbout(skill: Skill): string | undefined {
  if (typeof skill?.id !== 'string' || !ID.test(skill.id)) return 'its id must match /^[a-z][a-z0-9-]*$/.';
  for (const field of ['title', 'description', 'systemPrompt'] as const)
    if (typeof skill[field] !== 'string' || skill[field] === '') return `"${field}" must be a text.`;
  if (typeof skill.snapshot !== 'function') return '"snapshot" must be a function.';
  const prefix = callbackPrefix(skill.id);
  for (const [name, callback] of Object.entries(skill.callbacks ?? {})) {
    if (!/^[a-z][a-z0-9_]*$/.test(name) || !name.startsWith(prefix))
      return `the callback "${name}" must be snake_case and start with "${prefix}".`;
    if (typeof callback?.run !== 'function' || typeof callback.description !== 'string')
      return `the callback "${name}" needs "description" and "run".`;
  }
  for (const [field, kind] of Object.entries(skill.metrics ?? {}))
    if (!METRIC_KINDS.has(kind)) return `the metric "${field}" must be "gauge", "counter" or "none".`;
  for (const check of skill.checks ?? [])
    if (!check.id.startsWith(`${skill.id}.`))
      return `the check "${check.id}" must start with "${skill.id}.".`;
  return undefined;
}
