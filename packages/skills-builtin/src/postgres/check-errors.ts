// The check `postgres.errors`: queries or connections fail in a way that no application expects. Pure.
import type { Check, Conclusion, JsonObject, JsonValue, Subject } from '@nodelens/core';
import { listOf, numberOf, placeOf, textOf } from '../evidence.ts';
import { figure, functionSubject, percent, place } from '../wording.ts';
import { isExpected } from './sqlstate.ts';

/** Once may be a restart of the server, twice a coincidence. */
const TIMES = 3;

export const errors: Check = {
  id: 'postgres.errors',
  when: ({ unexpectedErrors5m }) =>
    numberOf(unexpectedErrors5m) >= TIMES ? { unexpectedErrors5m: numberOf(unexpectedErrors5m) } : undefined,
  investigate: 'return await postgres_errors(5);',
  conclude: (evidence) => conclude(evidence),
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const found = listOf(evidence).filter(({ code, count }) => numberOf(count) >= TIMES && !isExpected(code));
  const [worst] = found;
  if (worst === undefined) return undefined;
  const others = found.length - 1;
  return {
    severity: isOfServer(worst) ? 'critical' : 'warning',
    context: `${figure(numberOf(worst.count))} ${worst.of === 'connect' ? 'attempts to get a connection' : 'executions of one statement'} failed in the last 5 minutes${shareOf(worst)} with ${textOf(worst.code) || 'no code'}${textOf(worst.meaning) === '' ? '' : ` (${textOf(worst.meaning)})`}.${others === 0 ? '' : ` ${figure(others)} more kinds of errors recur.`}`,
    observation: `${callerOf(worst)}: ${textOf(worst.message)}${worst.query === null ? '' : ` in ${textOf(worst.query).slice(0, 250)}`}`,
    subjects: found.slice(0, 3).flatMap(subjectsOf),
  };
}

/** The server is gone, full, or refuses everyone: not this statement's fault. */
const isOfServer = ({ of, code }: JsonObject): boolean =>
  of === 'connect' || /^(?:08|28|53|57P|58|XX|E[A-Z])/.test(textOf(code));

function shareOf({ calls, count }: JsonObject): string {
  const all = numberOf(calls);
  return all === 0 ? '' : `, ${percent(Math.min(1, numberOf(count) / all))} of its calls,`;
}

function callerOf({ frame, endpoint }: JsonObject): string {
  const at = placeOf(frame);
  const who = at === undefined ? 'The newest' : `The newest, of ${place(at)}`;
  return endpoint === undefined ? who : `${who} for ${textOf(endpoint)}`;
}

function subjectsOf({ frame, code, count }: JsonObject): Subject[] {
  const at = placeOf(frame);
  const value = numberOf(count);
  return at === undefined
    ? [{ kind: 'resource', name: `PostgreSQL ${textOf(code)}`.trim(), value, unit: 'errors' }]
    : [functionSubject(at, value, 'errors')];
}
