// Whether what a run answered is an answer: its shape, and that what it says hangs together.
import type { InvestigationResult, OperatorRunResult } from '@nodelens/core';
import * as v from 'valibot';

const id = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));
const error = v.object({ name: v.string(), message: v.string() });
const notification = v.object({
  id,
  investigationId: id,
  operator: v.string(),
  type: v.string(),
  severity: v.picklist(['info', 'warning', 'critical']),
  observation: v.string(),
  snapshots: v.pipe(v.array(v.object({ id, skill: v.string() })), v.minLength(1)),
});
const usage = v.object({ calls: v.number(), inputTokens: v.number(), outputTokens: v.number() });
const outcome = v.object({
  operator: v.string(),
  skill: v.string(),
  state: v.picklist(['healthy', 'observing', 'warning', 'critical']),
  status: v.string(),
  error: v.optional(error),
  iterations: v.number(),
  durationMs: v.number(),
});
const operatorRun = v.object({
  ...outcome.entries,
  investigationId: id,
  notifications: v.array(notification),
  usage,
});
const investigation = v.object({
  schema: v.literal('nodelens.investigation/1'),
  id,
  status: v.picklist(['completed', 'deadline_exceeded', 'cancelled', 'budget_exceeded', 'failed']),
  reason: v.string(),
  insights: v.array(v.object({ id, investigationId: id, notificationIds: v.array(id) })),
  notifications: v.array(notification),
  operators: v.array(outcome),
  usage,
  startedAt: v.string(),
  durationMs: v.number(),
  error: v.optional(error),
});

/** Undefined when there is nothing to complain about. */
export function complaintAboutOperatorRun(result: OperatorRunResult): string | undefined {
  const wrong = shapeOf(operatorRun, result);
  if (wrong !== undefined) return wrong;
  const foreign = result.notifications.find((found) => found.investigationId !== result.investigationId);
  if (foreign !== undefined) return `the notification ${foreign.id} is of another run`;
  const needsError = result.status === 'failed';
  return needsError && result.error === undefined ? 'it failed without saying why' : undefined;
}

export function complaintAboutInvestigation(result: InvestigationResult): string | undefined {
  const wrong = shapeOf(investigation, result);
  if (wrong !== undefined) return wrong;
  const known = new Set(result.notifications.map((found) => found.id));
  const unknown = result.insights
    .flatMap((insight) => insight.notificationIds)
    .find((one) => !known.has(one));
  if (unknown !== undefined) return `an insight refers to the notification ${unknown}, which is not there`;
  const needsError = result.status !== 'completed';
  return needsError && result.error === undefined ? `it is ${result.status} without saying why` : undefined;
}

function shapeOf(schema: v.GenericSchema, value: unknown): string | undefined {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return undefined;
  const [issue] = parsed.issues;
  return `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`;
}
