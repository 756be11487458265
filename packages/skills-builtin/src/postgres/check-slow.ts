// The check `postgres.slow_query`: one statement takes seconds, again and again, or right now. Pure.
import type { Check, Conclusion, JsonObject, JsonValue, Subject } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf, textOf } from '../evidence.ts';
import { figure, functionSubject, ms, place } from '../wording.ts';

/** A second is felt by whoever waits for the answer; three times in five minutes is no coincidence. */
const SLOW_MS = 1_000;
const TIMES = 3;
/** One that has no answer for so long is told by itself. */
const RUNNING_MS = 30_000;
const NAMED = 3;

export const slowQuery: Check = {
  id: 'postgres.slow_query',
  when: ({ verySlowQueries5m, oldestInFlightMs }) =>
    numberOf(verySlowQueries5m) >= TIMES || numberOf(oldestInFlightMs) >= RUNNING_MS
      ? { verySlowQueries5m: numberOf(verySlowQueries5m), oldestInFlightMs: numberOf(oldestInFlightMs) }
      : undefined,
  investigate: 'return { slow: await postgres_slow_queries(5), running: await postgres_in_flight() };',
  conclude: (evidence, { oldestInFlightMs }) => conclude(evidence, numberOf(oldestInFlightMs)),
  explains: ['http.slow_route'],
};

function conclude(evidence: JsonValue, oldestMs: number): Conclusion | undefined {
  const { slow, running } = objectOf(evidence);
  const repeated = listOf(slow).filter(
    ({ count, medianMs }) => numberOf(count) >= TIMES && numberOf(medianMs) >= SLOW_MS,
  );
  const [worst] = repeated;
  if (worst !== undefined) return concludeRepeated(worst, repeated);
  const [longest] = listOf(running).filter(({ state }) => state === 'sent');
  // Its age on main's clock counts stalls of main too; the finding's does not.
  return longest !== undefined && Math.min(numberOf(longest.ageMs), oldestMs) >= RUNNING_MS
    ? concludeRunning(longest)
    : undefined;
}

function concludeRepeated(worst: JsonObject, all: readonly JsonObject[]): Conclusion {
  const others = all.length - 1;
  return {
    severity: 'warning',
    context: `In the last 5 minutes ${figure(numberOf(worst.count))} executions of one statement took ${ms(numberOf(worst.totalMs))} together, each ${ms(numberOf(worst.medianMs))} in the median and ${ms(numberOf(worst.maxMs))} at most.${others === 0 ? '' : ` ${figure(others)} more statements are as slow.`}`,
    observation: `${by(worst)}: ${textOf(worst.query).slice(0, 300)}`,
    hypothesis:
      'The server reads more than it needs (an index is missing, or too many rows are asked for), or it waits for a lock: postgres_server_locks() and postgres_server_tables() tell.',
    subjects: all.slice(0, NAMED).flatMap((one) => subjectsOf(one, numberOf(one.medianMs))),
  };
}

function concludeRunning(query: JsonObject): Conclusion {
  return {
    severity: 'warning',
    context: `A query has had no answer for ${ms(numberOf(query.ageMs))}.`,
    observation: `${by(query)}: ${textOf(query.query).slice(0, 300)}`,
    subjects: subjectsOf(query, numberOf(query.ageMs)),
  };
}

function by({ frame, endpoint }: JsonObject): string {
  const at = placeOf(frame);
  const from = at === undefined ? 'A caller that is not known asks it' : `${place(at)} asks it`;
  return endpoint === undefined ? from : `${from} for ${textOf(endpoint)}`;
}

function subjectsOf({ frame, query }: JsonObject, value: number): Subject[] {
  const at = placeOf(frame);
  const statement: Subject = { kind: 'resource', name: textOf(query).slice(0, 120), value, unit: 'ms' };
  return at === undefined ? [statement] : [functionSubject(at, value, 'ms'), statement];
}
