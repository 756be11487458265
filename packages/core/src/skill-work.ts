// What a skill host does with one skill: calls it within a deadline, validates what goes in, and makes redacted and
// capped JSON of what comes out. Rejects with NodelensErrors only.
import * as v from 'valibot';
import type { Clock } from './actor/clock.ts';
import type { CheckFinding } from './check-finding.ts';
import { fail, isError, type NodelensError, reasonOf } from './errors.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { capJson, toPlainJson } from './plain-json.ts';
import { redact, redactText } from './redact.ts';
import type { Callback, Conclusion, Finding, Skill } from './skill.ts';

/** Deadline of a snapshot, and of a callback that declares none, in ms. */
export const DEFAULT_TIMEOUT_MS = 5_000;
const DEFAULT_MAX_PAUSE_MS = 250;
const MAX_RESULT_BYTES = 64 * 1024;

/** @throws NodelensError `skill_snapshot_failed`, `skill_result_not_json` */
export async function takeSnapshot(skill: Skill, clock: Clock): Promise<JsonObject> {
  const failed = (reason: string, cause?: unknown): NodelensError =>
    fail('skill_snapshot_failed', { skill: skill.id, reason: redactText(reason) }, { cause });
  let result: unknown;
  try {
    const late = (): Error => failed(`it did not finish within ${DEFAULT_TIMEOUT_MS} ms.`);
    result = await beforeDeadline(async () => skill.snapshot(), {
      timeoutMs: DEFAULT_TIMEOUT_MS,
      clock,
      late,
    });
  } catch (error) {
    throw isError(error) ? error : failed(reasonOf(error), error);
  }
  const data = asResult(result, `The snapshot of "${skill.id}"`);
  if (data === null || typeof data !== 'object' || Array.isArray(data))
    throw fail('skill_result_not_json', {
      source: `The snapshot of "${skill.id}"`,
      reason: 'it must be a plain object.',
    });
  return data as JsonObject;
}

export interface NamedCallback {
  readonly name: string;
  readonly callback: Callback;
}

export interface Grant {
  /** Default 250. */
  readonly maxPauseMs?: number;
  /** Upper bound in ms; the callback's own deadline counts too. */
  readonly timeoutMs?: number;
}

/** @throws NodelensError `skill_arguments_invalid`, `skill_callback_timeout`, `skill_callback_failed`, or the callback's own. */
export async function callSkill(
  { name, callback }: NamedCallback,
  args: readonly JsonValue[],
  { grant, clock }: { grant: Grant; clock: Clock },
): Promise<JsonValue> {
  const values = validated(name, callback, args);
  const timeoutMs = Math.min(
    callback.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    grant.timeoutMs ?? Number.POSITIVE_INFINITY,
  );
  const abort = new AbortController();
  const context = { maxPauseMs: grant.maxPauseMs ?? DEFAULT_MAX_PAUSE_MS, timeoutMs, signal: abort.signal };
  const late = (): NodelensError => fail('skill_callback_timeout', { callback: name, timeoutMs });
  try {
    const result = await beforeDeadline(async () => callback.run(...values, context), {
      timeoutMs,
      clock,
      late,
    });
    return asResult(result, `${name}()`);
  } catch (error) {
    if (isError(error)) throw error;
    throw fail(
      'skill_callback_failed',
      { callback: name, reason: redactText(reasonOf(error)) },
      { cause: error },
    );
  } finally {
    abort.abort();
  }
}

function validated(name: string, callback: Callback, args: readonly JsonValue[]): readonly unknown[] {
  const params = Object.entries(callback.params ?? {});
  const invalid = (reason: string): NodelensError =>
    fail('skill_arguments_invalid', { callback: `${name}(${params.map(([p]) => p).join(', ')})`, reason });
  if (args.length > params.length)
    throw invalid(`it takes at most ${params.length} arguments, got ${args.length}.`);
  return params.map(([param, schema], position) => {
    const given = args[position];
    let parsed = v.safeParse(schema, given);
    // A script's `undefined` arrives as null.
    if (!parsed.success && given === null) parsed = v.safeParse(schema, undefined);
    if (parsed.success) return parsed.output;
    throw invalid(redactText(`${param}: ${parsed.issues[0].message}`));
  });
}

/** A check that throws is skipped, and told under `limitations`. */
export async function runChecks(
  { skill, limitations }: { readonly skill: Skill; readonly limitations: Set<string> },
  snapshot: JsonObject,
  history: readonly JsonObject[],
): Promise<readonly CheckFinding[]> {
  const found: CheckFinding[] = [];
  for (const { id, when, investigate, followUp } of skill.checks ?? []) {
    try {
      const finding = when(snapshot, history);
      if (finding === undefined) continue;
      found.push({
        checkId: id,
        finding: asResult(finding, `The check "${id}"`) as Finding,
        investigate,
        ...(followUp !== undefined && { followUp }),
      });
    } catch (error) {
      limitations.add(redactText(`The check "${id}" failed and was skipped: ${reasonOf(error)}`));
    }
  }
  return found;
}

const subjectSchema = v.object({
  kind: v.picklist(['function', 'collection', 'endpoint', 'peer', 'resource', 'logger', 'worker', 'process']),
  name: v.string(),
  file: v.exactOptional(v.string()),
  line: v.exactOptional(v.number()),
  value: v.exactOptional(v.number()),
  unit: v.exactOptional(v.string()),
});

const conclusionSchema = v.object({
  severity: v.picklist(['info', 'warning', 'critical']),
  context: v.string(),
  observation: v.string(),
  hypothesis: v.exactOptional(v.string()),
  subjects: v.array(subjectSchema),
  againAfterMs: v.exactOptional(v.number()),
});

/** Null when the evidence clears the suspicion. @throws NodelensError `skill_callback_failed` */
export function concludeCheck(
  skill: Skill,
  checkId: string,
  { evidence, finding }: { evidence: JsonValue; finding: Finding },
): Conclusion | null {
  const check = skill.checks?.find(({ id }) => id === checkId);
  const failed = (reason: string, cause?: unknown): NodelensError =>
    fail(
      'skill_callback_failed',
      { callback: `The check "${checkId}"`, reason: redactText(reason) },
      { cause },
    );
  if (check === undefined) throw failed(`the skill "${skill.id}" has no such check.`);
  let result: Conclusion | undefined;
  try {
    result = check.conclude(evidence, finding);
  } catch (error) {
    throw failed(reasonOf(error), error);
  }
  if (result === undefined) return null;
  const parsed = v.safeParse(conclusionSchema, asResult(result, `The check "${checkId}"`));
  if (parsed.success) return parsed.output;
  throw failed(`its conclusion is malformed: ${v.getDotPath(parsed.issues[0])}: ${parsed.issues[0].message}`);
}

/** @throws NodelensError `skill_result_not_json` */
function asResult(value: unknown, source: string): JsonValue {
  const json = toPlainJson(value);
  if (!json.ok) throw fail('skill_result_not_json', { source, reason: json.reason });
  // Redacted before it is cut: half a secret has no shape any more.
  return capJson(redact(json.value), MAX_RESULT_BYTES);
}

interface Deadline {
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly late: () => Error;
}

/** What comes later than the deadline is dropped, whatever it is. */
async function beforeDeadline<T>(work: () => Promise<T>, { timeoutMs, clock, late }: Deadline): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const cancel = clock.after(timeoutMs, () => reject(late()));
  try {
    return await Promise.race([work(), promise]);
  } finally {
    cancel();
  }
}
