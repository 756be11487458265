// What may be asked of a coordinator: every option takes effect in that run or is rejected.
import * as v from 'valibot';
import { fail } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import type { OperatorSpec } from '../operator/spec.ts';
import type { InvestigationRequest } from './spec.ts';

/** So long its asker waits for an answer; and a timer of more than 24 days fires at once. */
const LONGEST_MS = 24 * 3_600_000;

const text = v.pipe(v.string(), v.nonEmpty('it must not be empty.'));

const builtin = v.strictObject({
  kind: v.literal('builtin-strategy'),
  name: v.picklist(['agent-loop', 'pipeline'], 'it must be agentLoop() or pipeline().'),
});
const own = v.strictObject({
  kind: v.literal('strategy-ref'),
  name: text,
  module: text,
  exportName: text,
  options: v.record(v.string(), v.unknown()),
});
const live = v.strictObject({ kind: v.literal('live-strategy'), id: text });

const schema = v.strictObject({
  id: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, 'it must be 16 hex characters.'))),
  reason: v.pipe(v.string(), v.nonEmpty('it must not be empty.')),
  context: v.optional(v.record(v.string(), v.unknown())),
  skills: v.optional(v.pipe(v.array(v.string()), v.minLength(1, 'it must name at least one.'))),
  timeoutMs: v.optional(
    v.pipe(v.number(), v.minValue(1), v.maxValue(LONGEST_MS, 'it must be a day at most.')),
  ),
  maxIterations: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000))),
  maxPauseMs: v.optional(v.pipe(v.number(), v.minValue(0))),
  strategy: v.optional(v.variant('kind', [builtin, own, live])),
});

/** @throws NodelensError `option_invalid` with the path of the option. */
export function validateRequest(value: JsonValue | undefined): InvestigationRequest {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return value as unknown as InvestigationRequest;
  const [issue] = parsed.issues;
  throw fail('option_invalid', { option: v.getDotPath(issue) ?? 'request', reason: issue.message });
}

/**
 * The operators that `skills` (names of operators or ids of skills) makes available; all when absent.
 * @throws NodelensError `operator_unknown` for a name that is neither.
 */
export function availableOperators(
  operators: readonly OperatorSpec[],
  skills: readonly string[] | undefined,
): readonly OperatorSpec[] {
  if (skills === undefined) return operators;
  const isMeant = (spec: OperatorSpec, name: string): boolean => spec.name === name || spec.skill.id === name;
  const unknown = skills.find((name) => !operators.some((spec) => isMeant(spec, name)));
  if (unknown !== undefined) {
    const available = operators.map((spec) => spec.name).join(', ') || 'none';
    throw fail('operator_unknown', { operator: unknown, available });
  }
  return operators.filter((spec) => skills.some((name) => isMeant(spec, name)));
}

/** @throws NodelensError `operator_duplicate` */
export function assertUniqueNames(operators: readonly OperatorSpec[]): void {
  const names = new Set<string>();
  for (const { name } of operators) {
    if (names.has(name)) throw fail('operator_duplicate', { operator: name });
    names.add(name);
  }
}
