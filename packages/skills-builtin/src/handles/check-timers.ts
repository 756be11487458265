// The check `handles.timer_leak`: timers are set and not cleared. Timers that will fire by themselves grow with the load;
// only intervals, and timeouts that should have fired long since, are leaked. Pure.
import type { Check, Conclusion, Finding, JsonObject, JsonValue, Subject } from '@nodelens/core';
import { listOf, numberOf, objectOf, type Place, placeOf } from '../evidence.ts';
import { figure, functionSubject, ms, place } from '../wording.ts';

/** So many of one function's that stay are no accident. */
const STAYING = 5;
const STAYING_SHARE = 0.8;
const NAMED = 3;

export const timerLeak: Check = {
  id: 'handles.timer_leak',
  when: (snapshot) => {
    const timers = numberOf(snapshot.growingTimers);
    return timers === 0 ? undefined : { timers, perMinute: numberOf(snapshot.growingTimersPerMinute) };
  },
  investigate: `const before = await handles_timers();
const seconds = Math.min(15, Math.max(3, 600 / Math.max(1, before.perMinute1m)));
const openings = await handles_watch_openings(seconds, 'timers');
return { before, openings, after: await handles_timers() };`,
  conclude: (evidence, finding) => conclude(evidence, finding),
  explains: ['runtime.memory_growth'],
};

function conclude(evidence: JsonValue, finding: Finding): Conclusion | undefined {
  const { before, openings, after } = objectOf(evidence);
  const { steadyGrowth, timers } = objectOf(after);
  const windowMs = 1_000 * numberOf(objectOf(steadyGrowth).windowSeconds);
  if (windowMs === 0 || numberOf(timers) < numberOf(objectOf(before).timers)) return undefined;
  const leaking = listOf(objectOf(openings).openers).filter((opener) => isLeaking(opener, windowMs));
  const by = placeOf(leaking[0]?.frame);
  if (leaking[0] === undefined || by === undefined) return undefined;
  return {
    severity: 'warning',
    context: `${figure(numberOf(timers))} timers are active, and their number grows by ${figure(numberOf(finding.perMinute))} per minute.`,
    observation: observationOf(by, leaking[0], numberOf(objectOf(openings).seconds)),
    hypothesis: `${by.name} sets a timer each time it runs and does not clear it: each keeps what it captured alive and runs on.`,
    subjects: leaking.slice(0, NAMED).flatMap(subjectOf),
  };
}

function isLeaking({ opened, stillOpen, isInterval, delayMs }: JsonObject, windowMs: number): boolean {
  const staying = numberOf(stillOpen);
  if (staying < STAYING || staying < STAYING_SHARE * numberOf(opened)) return false;
  return isInterval === true || 2 * numberOf(delayMs) < windowMs;
}

const observationOf = (by: Place, opener: JsonObject, seconds: number): string =>
  `${place(by)} set ${figure(numberOf(opener.opened))} ${opener.isInterval === true ? 'intervals' : 'timeouts'} of ${ms(numberOf(opener.delayMs))} within ${figure(seconds)} s, of which ${figure(numberOf(opener.stillOpen))} stayed.`;

function subjectOf({ frame, stillOpen }: JsonObject): readonly Subject[] {
  const by = placeOf(frame);
  return by === undefined ? [] : [functionSubject(by, numberOf(stillOpen), 'timers')];
}
