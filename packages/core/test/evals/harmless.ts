// Calls that decide nothing, so that a model may make them before the one that is asked for: what they answer in a
// conversation that is given.
import type { JsonObject, JsonValue } from '../../src/json.ts';

/** A call that was made before, with what it answered. */
export type Past = readonly [name: string, args: JsonObject, answer: JsonValue];

type Answer = (args: JsonObject, past: readonly Past[]) => JsonValue | undefined;

const asBefore =
  (tool: string): Answer =>
  (_, past) =>
    past.findLast(([name]) => name === tool)?.[2];

const ANSWERS: Readonly<Record<string, Answer>> = {
  think: ({ thought }) => ({ thought: thought ?? '', recorded: true }),
  set_state: ({ state }) => ({ state: state ?? '' }),
  update_notification_statuses: ({ notification_ids, status }) => ({
    updated: notification_ids ?? [],
    status: status ?? '',
  }),
  take_snapshot: asBefore('take_snapshot'),
  get_snapshots: (_, past) => past.filter(([name]) => name === 'take_snapshot').map(([, , answer]) => answer),
  get_notifications: asBefore('get_notifications'),
  get_operator_statuses: (_, past) =>
    asBefore('get_operator_statuses')({}, past) ?? { running: [], finished: [] },
};

/** @returns Undefined for a call that matters. */
export const harmlessAnswer = (
  name: string,
  args: JsonObject,
  past: readonly Past[],
): JsonValue | undefined => (Object.hasOwn(ANSWERS, name) ? ANSWERS[name]?.(args, past) : undefined);
