// The check `vm-events.repeated_warnings`: one process warning over and over, with the place that leads to it. Those
// about listeners are judged by vm-events.listener_leak. Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, placeOf, textOf } from '../evidence.ts';
import { figure, functionSubject, place } from '../wording.ts';

/** Node tells a deprecation once per process and most others once per cause: what comes three times is done each time. */
const NODES_OWN = 3;
/** What an app tells by process.emitWarning may be no more than its log. Our choice: two a minute. */
const OF_THE_APP = 10;
const TOLD_CHARS = 200;

/** Node's warnings that are told at each occurrence, and what they mean. */
const MEANINGS: { readonly [name: string]: string } = {
  TimeoutOverflowWarning:
    'A delay above 2,147,483,647 ms does not wait: the timer fires after 1 ms, over and over if it is set again.',
  TimeoutNegativeWarning: 'A negative delay does not wait: the timer fires after 1 ms.',
  TimeoutNaNWarning: 'A delay that is not a number does not wait: the timer fires after 1 ms.',
  PromiseRejectionHandledWarning:
    'Rejections are handled only after a turn of the loop: a handler is attached too late.',
  UnhandledPromiseRejectionWarning: 'Promises are rejected and nobody handles it.',
};

export const repeatedWarnings: Check = {
  id: 'vm-events.repeated_warnings',
  when: (snapshot) => {
    const count = numberOf(snapshot.repeatedWarning5mCount);
    return count < NODES_OWN ? undefined : { count, name: textOf(snapshot.repeatedWarning) };
  },
  investigate: 'return await vm_events_warning_kinds(300);',
  conclude: (evidence) => conclude(evidence),
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const kinds = listOf(evidence).filter(isRepeated);
  const [worst] = kinds;
  if (worst === undefined) return undefined;
  const name = textOf(worst.name);
  const by = placeOf(worst.frame);
  const meaning = MEANINGS[name];
  const others = kinds.length - 1;
  return {
    severity: 'warning',
    context: `The process warned ${figure(numberOf(worst.count))} times within 5 minutes with ${name}${textOf(worst.code) === '' ? '' : ` (${textOf(worst.code)})`}.${others === 0 ? '' : ` ${others} more kinds are repeated.`}`,
    observation: `${by === undefined ? 'The newest says' : `${place(by)} leads to it; the newest says`}: ${textOf(worst.message).slice(0, TOLD_CHARS)}`,
    ...(meaning !== undefined && { hypothesis: meaning }),
    subjects: kinds.slice(0, 3).flatMap((kind) => subjectsOf(kind)),
  };
}

const isRepeated = ({ name, count }: JsonObject): boolean =>
  name !== 'MaxListenersExceededWarning' &&
  numberOf(count) >= (Object.hasOwn(MEANINGS, textOf(name)) ? NODES_OWN : OF_THE_APP);

function subjectsOf(kind: JsonObject): Conclusion['subjects'] {
  const by = placeOf(kind.frame);
  return by === undefined ? [] : [functionSubject(by, numberOf(kind.count), 'warnings')];
}
