// The checks `exceptions.error_burst` and `exceptions.new_error`: one error far more often than usual or for a large share
// of the requests, and one that was not there before. What counts as that is in suspicions.ts. Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf } from '../evidence.ts';
import { figure, percent } from '../wording.ts';
import { countOf, errorText, seconds, subjectsOf, whereText } from './telling.ts';

/** Half of the requests fail in one way. */
const CRITICAL_SHARE = 0.5;
const NAMED = 3;

export const errorBurst: Check = {
  id: 'exceptions.error_burst',
  when: ({ bursts }) => (numberOf(bursts) > 0 ? { bursts: numberOf(bursts) } : undefined),
  investigate: `return (await exceptions_top(1, null, 50)).filter(({ isBurst }) => isBurst);`,
  conclude: concludeBurst,
  explains: ['logger.error_burst'],
};

function concludeBurst(evidence: JsonValue): Conclusion | undefined {
  const found = listOf(evidence);
  const [worst] = found;
  if (worst === undefined) return undefined;
  const share = numberOf(worst.shareOfRequests);
  return {
    severity: share >= CRITICAL_SHARE ? 'critical' : 'warning',
    context: `${errorText(worst)} came ${figure(countOf(worst))} times within the last minute${againstUsual(worst)}${share === 0 ? '' : `; that is one for ${figure(1 / share)} requests (${percent(share)})`}.`,
    observation: `It comes${whereText(worst) || ' from no code of the app'}, for ${seconds(numberOf(worst.runMs))} without a break.${found.length === 1 ? '' : ` ${figure(found.length - 1)} more kinds of errors are as frequent.`}`,
    subjects: found.slice(0, NAMED).flatMap((one) => subjectsOf(one, countOf(one))),
  };
}

const againstUsual = (found: JsonObject): string =>
  typeof found.usualPerMinute === 'number'
    ? `; in the ${figure(numberOf(found.usualMinutes))} minutes before there were ${figure(found.usualPerMinute)} per minute`
    : '';

export const newError: Check = {
  id: 'exceptions.new_error',
  when: ({ newErrors }) => (numberOf(newErrors) > 0 ? { newErrors: numberOf(newErrors) } : undefined),
  investigate: `return (await exceptions_top(5, null, 50)).filter(({ isNew }) => isNew);`,
  conclude: concludeNew,
  explains: ['exceptions.error_burst', 'logger.error_burst', 'logger.new_error'],
};

function concludeNew(evidence: JsonValue): Conclusion | undefined {
  const found = listOf(evidence);
  const [worst] = found;
  if (worst === undefined) return undefined;
  const since = seconds(numberOf(worst.firstSeenAgoMs));
  return {
    severity: 'warning',
    context: `${found.length === 1 ? 'An error' : `${figure(found.length)} kinds of errors`} that the app did not have before ${found.length === 1 ? 'is' : 'are'} coming over and over.`,
    observation: `${errorText(worst)}${whereText(worst)}: first seen ${since} ago, ${figure(numberOf(worst.countTotal))} times since.`,
    hypothesis: `Something changed about ${since} ago: a release, a setting, or what the app depends on.`,
    subjects: found.slice(0, NAMED).flatMap((one) => subjectsOf(one, numberOf(one.countTotal))),
  };
}
