// The check `supervision.child_pile_up`: child processes are started and do not end, more and more. Pure.
import type { Check, Conclusion, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf } from '../evidence.ts';
import { figure } from '../wording.ts';
import { called, placeSubjects, seconds, startedBy, workerSubject } from './subjects.ts';

/** Ours: so many processes, whatever they are, take memory in the GB. */
const CRITICAL = 200;

export const childPileUp: Check = {
  id: 'supervision.child_pile_up',
  when: (snapshot) => {
    const alive = numberOf(snapshot.pileUpAlive);
    return alive === 0 ? undefined : { alive };
  },
  investigate: 'return { piles: await supervision_pile_ups() };',
  conclude: (evidence) => conclude(evidence),
  explains: ['system.memory_low'],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const growing = listOf(objectOf(evidence).piles).filter(({ isGrowing }) => isGrowing === true);
  const [worst] = growing;
  if (worst === undefined) return undefined;
  const alive = numberOf(worst.alive);
  return {
    severity: alive >= CRITICAL ? 'critical' : 'warning',
    context: `${figure(alive)} processes of "${called(worst)}" are alive, ${figure(numberOf(worst.risenPerMinute))} more per minute, and the number rose in each part of the time looked at.`,
    observation: `The oldest has lived for ${seconds(worst.oldestMs)}.${startedBy(worst)}`,
    hypothesis:
      'They wait for something that does not come (input that is not closed, output that is not read, a peer), or are started faster than they end.',
    subjects: [workerSubject(worst, alive, 'processes'), ...placeSubjects(worst, alive, 'processes')],
  };
}
