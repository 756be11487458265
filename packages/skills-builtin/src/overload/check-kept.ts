// The check `overload.not_given_back`: requests are stuck while nothing that can be seen is busy, and a function of the
// app takes something that it does not give back on all of its ways. The source is evidence of the way, not of how often
// it is gone: that is why the requests must be stuck. Pure.
import type { Check, Conclusion, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf, textOf } from '../evidence.ts';
import { figure, functionSubject, ms, place } from '../wording.ts';

const STUCK = 20;
/** So much of what is in flight must be stuck. */
const MAIN_SHARE = 0.5;
/** They wait for another service where so much is asked of one. */
const OUTGOING_SHARE = 0.2;
const IDLE_LOOP = 0.5;
const SLOW_READINGS = 6;
/** Where more do, it is how this app is written. */
const FEW = 3;

export const notGivenBack: Check = {
  id: 'overload.not_given_back',
  when: (snapshot) => {
    const inFlight = numberOf(snapshot.inFlight);
    const isInside =
      numberOf(snapshot.outgoingInFlight) <= OUTGOING_SHARE * inFlight &&
      numberOf(snapshot.eventLoopUtilization10s) < IDLE_LOOP &&
      numberOf(snapshot.mainBlockedMs) === 0 &&
      numberOf(snapshot.threadpoolSlowReadings10s) < SLOW_READINGS;
    return inFlight >= STUCK && isInside ? { inFlight } : undefined;
  },
  investigate: `const groups = await overload_in_flight();
const isStuck = groups.some((group) => group.side === 'server' && group.isStuck);
return { groups, keepers: isStuck ? await overload_keepers() : [] };`,
  conclude,
  explains: ['overload.in_flight_growth', 'http.slow_route', 'http.error_burst', 'runtime.memory_growth'],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { groups, keepers } = objectOf(evidence);
  const served = listOf(groups).filter(({ side }) => side === 'server');
  const stuck = served.filter(({ isStuck }) => isStuck === true);
  const count = (some: typeof served): number => some.reduce((sum, one) => sum + numberOf(one.count), 0);
  const found = listOf(keepers).flatMap((one) => {
    const by = placeOf(one);
    return by === undefined ? [] : [{ by, one }];
  });
  const isStuck = count(stuck) >= STUCK && count(stuck) >= MAIN_SHARE * count(served);
  const [first] = found;
  const [worst] = stuck;
  if (!isStuck || first === undefined || worst === undefined || found.length > FEW) return undefined;
  const { by, one } = first;
  return {
    severity: 'warning',
    context: `${figure(count(stuck))} of ${figure(count(served))} requests in flight are stuck, while the main thread is idle and asks hardly anything of others.`,
    observation: `Half of ${textOf(worst.route)} in flight are ${ms(numberOf(worst.medianAgeMs))} old or more, usual: ${ms(numberOf(worst.usualMs))}. By its source ${place(by)} calls ${textOf(one.takes)} (line ${figure(numberOf(one.takesAtLine))}) and leaves at line ${figure(numberOf(one.leavesAtLine))} before it gives back.${found.length > 1 ? ` ${found.length - 1} more functions do alike.` : ''}`,
    hypothesis: `Whatever ${by.name} takes is lost each time it goes that way, until nothing is left and all who want it wait.`,
    subjects: found.map((keeper) => functionSubject(keeper.by, count(stuck), 'stuck requests')),
  };
}
