// The check `supervision.worker_in_long_task`: a worker computes one task for far longer than its others, while main's
// next messages wait for it. Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf } from '../evidence.ts';
import { figure, functionSubject, percent, place } from '../wording.ts';
import { calledByKind, placeSubjects, seconds, startedBy, workerSubject } from './subjects.ts';

/** Whoever handed the task over for the sake of a request has given up by then, or is about to. */
const LONG_MS = 5_000;
/** Tasks of one kind differ by a factor of ten easily. */
const TIMES_USUAL = 20;
/** Of fewer nothing is usual; a worker writes half a dozen times while it starts. */
const FEWEST_TASKS = 8;
/** A function on the stack in so many stacks holds the thread. */
const HOLDS_SHARE = 0.9;

export const workerInLongTask: Check = {
  id: 'supervision.worker_in_long_task',
  when: (snapshot) => {
    const silentMs = numberOf(snapshot.silentThreadMs);
    return silentMs < LONG_MS || numberOf(snapshot.workersAlive) === 0 ? undefined : { silentMs };
  },
  investigate: `const tasks = await supervision_long_tasks().catch(() => []);
const stacks = [];
for (const { id } of tasks.slice(0, 3)) stacks.push({ id, functions: await supervision_worker_stacks(id).catch(() => null) });
return { tasks, stacks };`,
  conclude: (evidence) => conclude(evidence),
  explains: [
    'supervision.hot_worker',
    'http.slow_route',
    'http.error_burst',
    'overload.in_flight_growth',
    'exceptions.new_error',
    'exceptions.error_burst',
    'logger.new_error',
    'logger.error_burst',
    'system.cpu_throttled',
  ],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { tasks, stacks } = objectOf(evidence);
  const long = listOf(tasks).filter(isFarLonger);
  const [worst] = long.toSorted((a, b) => numberOf(b.waiting) - numberOf(a.waiting));
  if (worst === undefined) return undefined;
  const looked = listOf(stacks).find(({ id }) => id === worst.id);
  return conclusionOf(worst, long.length - 1, holderOf(listOf(looked?.functions)));
}

const isFarLonger = ({ forMs, cpuMs, tasksBefore, usualTaskMs }: JsonObject): boolean =>
  numberOf(forMs) >= LONG_MS &&
  numberOf(tasksBefore) >= FEWEST_TASKS &&
  numberOf(cpuMs) >= TIMES_USUAL * numberOf(usualTaskMs, Number.POSITIVE_INFINITY);

/** The innermost function that never left the stack: its loop is what goes on, whatever it calls. */
const holderOf = (functions: readonly JsonObject[]): JsonObject | undefined =>
  functions.find(({ share }) => numberOf(share) >= HOLDS_SHARE);

function conclusionOf(worst: JsonObject, others: number, holder: JsonObject | undefined): Conclusion {
  const { forMs, usualTaskMs, tasksBefore } = worst;
  const waiting = numberOf(worst.waiting);
  const culprit = placeOf(holder);
  const share = numberOf(holder?.share);
  const inSeconds = numberOf(forMs) / 1_000;
  const also =
    others === 0 ? '' : ` So ${others === 1 ? 'does 1 other worker' : `do ${figure(others)} other workers`}.`;
  return {
    severity: waiting > 0 ? 'warning' : 'info',
    context: `${calledByKind(worst)} (thread ${numberOf(worst.threadId)}) has computed for ${seconds(forMs)} at least without taking a message or writing anything; ${figure(numberOf(tasksBefore))} tasks before took it ${figure(numberOf(usualTaskMs))} ms of CPU each in the mean.${also}`,
    observation: `${waiting === 0 ? 'Main has posted nothing to it meanwhile.' : `${figure(waiting)} messages that main has posted to it meanwhile wait.`}${culprit === undefined ? '' : ` ${place(culprit)} is in ${percent(share)} of its stacks.`}${startedBy(worst)}`,
    hypothesis: `${culprit === undefined ? 'One of its tasks' : `One call of ${culprit.name}`} does not end, or is far larger than the others; what waits behind it is not answered.`,
    subjects: [
      workerSubject(worst, inSeconds, 's in one task'),
      ...(culprit === undefined ? [] : [functionSubject(culprit, 100 * share, '% of its stacks')]),
      ...placeSubjects(worst, inSeconds, 's in one task'),
    ],
  };
}
