// The check `supervision.crash_loop`: the same worker or command is started again and again and fails quickly. Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf, textOf } from '../evidence.ts';
import { figure, ms, place } from '../wording.ts';
import { calledByKind, placeSubjects, startedBy, workerSubject } from './subjects.ts';

/** Ours: a restart each second and more leaves nothing of its work done. */
const CRITICAL_PER_MINUTE = 60;
const TOLD = 3;

export const crashLoop: Check = {
  id: 'supervision.crash_loop',
  when: (snapshot) => {
    const loops = numberOf(snapshot.crashLoops);
    return loops === 0 ? undefined : { crashLoops: loops };
  },
  investigate: 'return { loops: await supervision_crash_loops(5) };',
  conclude: (evidence) => conclude(evidence),
  explains: [
    'runtime.cpu_hot',
    'exceptions.error_burst',
    'exceptions.new_error',
    'exceptions.unhandled_rejections',
    'exceptions.uncaught',
    'logger.error_burst',
    'logger.new_error',
    'http.error_burst',
    'http.slow_route',
    'overload.in_flight_growth',
  ],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const loops = listOf(objectOf(evidence).loops).filter(({ isLooping }) => isLooping === true);
  const [worst, ...others] = loops;
  if (worst === undefined) return undefined;
  const last = objectOf(worst.last);
  const perMinute = numberOf(worst.restartsPerMinute);
  return {
    severity: perMinute >= CRITICAL_PER_MINUTE ? 'critical' : 'warning',
    context: `The ${calledByKind(worst)} failed ${figure(numberOf(worst.failures))} times within 5 minutes and was started ${figure(numberOf(worst.restarts))} times after that, ${figure(perMinute)} per minute; alive now: ${figure(numberOf(worst.alive))}.${others.length === 0 ? '' : ` The same holds for ${others.length} more.`}`,
    observation: `Half of those that failed lived no longer than ${ms(numberOf(worst.medianLifeMs))}. The last one: ${textOf(last.reason)}.${errorPlace(last)}${startedBy(worst)}`,
    hypothesis: hypothesisOf(worst, last),
    subjects: loops.slice(0, TOLD).flatMap(subjectsOf),
  };
}

function errorPlace(last: JsonObject): string {
  const frame = placeOf(objectOf(last.error).frame);
  return frame === undefined ? '' : ` It was thrown at ${place(frame)}.`;
}

function hypothesisOf(worst: JsonObject, last: JsonObject): string {
  const starter = placeOf(worst.starter);
  const by = starter === undefined ? 'The app' : starter.name;
  return textOf(objectOf(last.error).type) === ''
    ? `${by} starts it again without a limit, while what ends it stays the same.`
    : `${by} starts it again without a limit, while the cause of its ${textOf(objectOf(last.error).type)} stays.`;
}

const subjectsOf = (loop: JsonObject): Conclusion['subjects'] => [
  workerSubject(loop, numberOf(loop.restartsPerMinute), 'restarts/min'),
  ...placeSubjects(
    { ...objectOf(loop.last), starter: loop.starter ?? null },
    numberOf(loop.failures),
    'failures',
  ),
];
