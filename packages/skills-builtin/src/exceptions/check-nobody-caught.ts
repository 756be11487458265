// The checks `exceptions.unhandled_rejections` and `exceptions.uncaught`: errors that nobody handles and that the process
// outlives, because the app listens for them. By default Node ends the process at the first. Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, textOf } from '../evidence.ts';
import { figure } from '../wording.ts';
import { countOf, errorText, subjectsOf, whereText } from './telling.ts';

/** Our own choice: once may be an accident; three times within 5 minutes it is how the code is. */
const REPEATED = 3;
/** Node's documentation: it is not safe to go on after an uncaught exception. Twice is no accident. */
const REPEATED_UNCAUGHT = 2;
/** One in ten seconds, all the time. */
const CRITICAL = 30;
const NAMED = 3;

export const unhandledRejections: Check = {
  id: 'exceptions.unhandled_rejections',
  when: ({ mostFrequentRejection5m: count }) =>
    typeof count === 'number' && count >= REPEATED ? { count } : undefined,
  investigate: `return await exceptions_top(5, 'rejection', 10);`,
  conclude: concludeRejections,
  explains: ['logger.error_burst', 'logger.new_error'],
};

function concludeRejections(evidence: JsonValue): Conclusion | undefined {
  const found = listOf(evidence).filter((one) => countOf(one) >= REPEATED && !isAbort(one));
  const [worst] = found;
  if (worst === undefined) return undefined;
  const others = found.length - 1;
  return {
    severity: countOf(worst) >= CRITICAL ? 'critical' : 'warning',
    context: `Within the last 5 minutes promises were rejected over and over that nobody handles, and the process went on: ${keptAliveBy(textOf(worst.source))}.`,
    observation: `${errorText(worst)}${whereText(worst)}: ${figure(countOf(worst))} times.${others === 0 ? '' : ` ${figure(others)} more kinds are repeated.`}`,
    hypothesis:
      'A call is not awaited, or has no catch: whoever waits for its result never learns that it failed.',
    subjects: found.slice(0, NAMED).flatMap((one) => subjectsOf(one, countOf(one))),
  };
}

/** Cancelled by the app itself: nobody waits for its result. */
const isAbort = ({ type, code }: JsonObject): boolean => type === 'AbortError' || code === 'ABORT_ERR';

const keptAliveBy = (source: string): string =>
  source === 'unhandledRejection'
    ? "a listener for 'unhandledRejection', or --unhandled-rejections, keeps it alive"
    : "a listener for 'uncaughtException' keeps it alive";

export const uncaughtExceptions: Check = {
  id: 'exceptions.uncaught',
  when: ({ mostFrequentUncaught5m: count }) =>
    typeof count === 'number' && count >= REPEATED_UNCAUGHT ? { count } : undefined,
  investigate: `return await exceptions_top(5, 'uncaught', 10);`,
  conclude: concludeUncaught,
  explains: ['logger.error_burst', 'logger.new_error'],
};

function concludeUncaught(evidence: JsonValue): Conclusion | undefined {
  const found = listOf(evidence).filter((one) => countOf(one) >= REPEATED_UNCAUGHT);
  const [worst] = found;
  if (worst === undefined) return undefined;
  const isOfWorker = textOf(worst.source) === 'worker_threads';
  return {
    severity: isOfWorker ? 'warning' : 'critical',
    context: isOfWorker
      ? 'Within the last 5 minutes worker threads ended by exceptions that nobody caught.'
      : "Within the last 5 minutes there were exceptions that nobody caught, and the process went on: a listener for 'uncaughtException' keeps it alive.",
    observation: `${errorText(worst)}${whereText(worst)}: ${figure(countOf(worst))} times.`,
    hypothesis: isOfWorker
      ? 'The work of those threads is lost each time; whoever starts them anew hides it.'
      : 'What was under way when it was thrown is left half done (locks held, responses never sent): Node.js documents that it is not safe to go on.',
    subjects: found.slice(0, NAMED).flatMap((one) => subjectsOf(one, countOf(one))),
  };
}
