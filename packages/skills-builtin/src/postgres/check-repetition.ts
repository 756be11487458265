// The check `postgres.n_plus_one`: a request asks the same statement once for each of many rows. Pure.
import type { Check, Conclusion, JsonObject, JsonValue, Subject } from '@nodelens/core';
import { listOf, numberOf, placeOf, textOf } from '../evidence.ts';
import { figure, functionSubject, ms, percent, place } from '../wording.ts';

/** One request may have its reasons; so many of one route have the same. */
const REQUESTS = 3;
/** Sentry's detector takes five that last 50 ms together. */
const EXECUTIONS = 10;
/** Between two executions; what waits longer polls. */
const GAP_MS = 50;
const FELT_MS = 50;
/** Of all queries of the app: most of what it asks, it asks one by one. Next to the server that is soon done, but not for nothing. */
const MOST_OF_ALL = 0.5;

export const nPlusOne: Check = {
  id: 'postgres.n_plus_one',
  when: ({ requestsWithRepetition5m }) =>
    numberOf(requestsWithRepetition5m) >= REQUESTS
      ? { requestsWithRepetition5m: numberOf(requestsWithRepetition5m) }
      : undefined,
  investigate: 'return await postgres_n_plus_one(5);',
  conclude: (evidence) => conclude(evidence),
  explains: ['http.slow_route'],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const found = listOf(evidence).filter(isRepetition);
  const [worst] = found;
  if (worst === undefined) return undefined;
  const spanMs = numberOf(worst.medianSpanMs);
  const share = numberOf(worst.shareOfQueries);
  const at = placeOf(worst.frame);
  const others = found.length - 1;
  return {
    severity: spanMs >= FELT_MS || share >= MOST_OF_ALL ? 'warning' : 'info',
    context: `${figure(numberOf(worst.contexts))} requests of ${textOf(worst.endpoint)} in the last 5 minutes each ran one statement ${figure(numberOf(worst.medianExecutions))} times in the median (at most ${figure(numberOf(worst.maxExecutions))}), over ${ms(spanMs)}; the statement makes ${percent(share)} of all that the app asks.${others === 0 ? '' : ` ${figure(others)} more statements are repeated like that.`}`,
    observation: `${at === undefined ? 'A caller that is not known asks it' : `${place(at)} asks it`}: ${textOf(worst.query).slice(0, 300)}`,
    hypothesis:
      'An N+1 query: the rows are asked for one by one, and one statement (a join, or = ANY($1)) could bring them all.',
    subjects: found.slice(0, 3).flatMap(subjectsOf),
  };
}

function isRepetition(item: JsonObject): boolean {
  const executions = numberOf(item.medianExecutions);
  const betweenMs = numberOf(item.medianSpanMs) / Math.max(1, executions - 1) - numberOf(item.meanMs);
  return (
    item.endpoint !== null &&
    numberOf(item.contexts) >= REQUESTS &&
    executions >= EXECUTIONS &&
    betweenMs <= GAP_MS
  );
}

function subjectsOf({ frame, endpoint, medianExecutions }: JsonObject): Subject[] {
  const at = placeOf(frame);
  const value = numberOf(medianExecutions);
  const route: Subject = { kind: 'endpoint', name: textOf(endpoint), value, unit: 'executions' };
  return at === undefined ? [route] : [functionSubject(at, value, 'executions'), route];
}
