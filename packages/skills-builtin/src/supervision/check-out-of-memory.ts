// The check `supervision.worker_out_of_memory`: worker threads that reached their heap limit. Pure.
import type { Check, Conclusion, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { figure } from '../wording.ts';
import { OUT_OF_MEMORY } from './reason.ts';
import { called, placeSubjects, seconds, startedBy, workerSubject } from './subjects.ts';

const WITHIN_MS = 15 * 60_000;
/** One may have been given too much to do; more are a rule. */
const REPEATED = 3;

export const workerOutOfMemory: Check = {
  id: 'supervision.worker_out_of_memory',
  when: (snapshot) => {
    const workers = numberOf(snapshot.workersOutOfMemory15m);
    return workers === 0 ? undefined : { workersOutOfMemory: workers };
  },
  investigate: 'return { exits: await supervision_exits(50, true) };',
  conclude: (evidence) => conclude(evidence),
  explains: ['supervision.crash_loop'],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const found = listOf(objectOf(evidence).exits).filter(
    ({ error, agoMs }) => textOf(objectOf(error).code) === OUT_OF_MEMORY && numberOf(agoMs) <= WITHIN_MS,
  );
  const [newest] = found;
  if (newest === undefined) return undefined;
  const same = found.filter(({ name, file }) => name === newest.name && file === newest.file);
  return {
    severity: same.length >= REPEATED ? 'critical' : 'warning',
    context: `Within 15 minutes ${figure(same.length)} of the workers "${called(newest)}" ran out of heap${same.length === found.length ? '' : `, and ${figure(found.length - same.length)} others`}.`,
    observation: `The newest ended ${seconds(newest.agoMs)} ago, ${seconds(newest.livedMs)} after its start: ${textOf(newest.reason)}.${startedBy(newest)}`,
    hypothesis:
      same.length >= REPEATED
        ? 'What these workers are given to do needs more memory than their limit (resourceLimits.maxOldGenerationSizeMb, or --max-old-space-size), or they leak.'
        : 'One task needed more memory than the limit of its worker allows.',
    subjects: [
      workerSubject(newest, same.length, 'out of memory'),
      ...placeSubjects(newest, same.length, 'out of memory'),
    ],
  };
}
