// The check `logger.flood`: so many lines that making and writing them takes a felt part of main. Judged by time and not
// by a number of lines: a slow reader at the other end of a pipe makes few lines dear, because writes to it are
// synchronous. Waits of main for a core are no part of that time. Pure.
import type { Check, Conclusion, JsonObject, JsonValue, Subject } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf, textOf } from '../evidence.ts';
import { max } from '../statistics.ts';
import { figure, functionSubject, place } from '../wording.ts';

/** As for collections (clinic doctor): a tenth of main's time is felt by those who wait. */
export const FELT_PERCENT = 10;
export const CRITICAL_PERCENT = 40;
/** Measured around the writes alone; an app's own logging function takes about twice that for making the line. */
const SUSPECT_PERCENT = 3;
/** Below it is not the number of lines that costs. */
export const MIN_PER_SECOND = 100;

export const flood: Check = {
  id: 'logger.flood',
  when: (snapshot) => {
    const share = numberOf(snapshot.writingShare10sPercent);
    const rate = numberOf(snapshot.linesPerSecond10s);
    return share < SUSPECT_PERCENT || rate < MIN_PER_SECOND
      ? undefined
      : { writingShare10sPercent: share, linesPerSecond10s: rate };
  },
  investigate: 'return await logger_cost(10, 5);',
  conclude: (evidence, finding) =>
    conclude(evidence, numberOf(finding.writingShare10sPercent), numberOf(finding.linesPerSecond10s)),
  explains: ['runtime.cpu_hot', 'overload.loop_saturated', 'runtime.event_loop_blocked', 'http.slow_route'],
};

function conclude(evidence: JsonValue, written: number, rate: number): Conclusion | undefined {
  const { patterns, kbPerSecond } = objectOf(evidence);
  const [top] = listOf(patterns);
  const share = Math.max(written, max(listOf(patterns).map((one) => numberOf(one.throughMainPercent))));
  if (share < FELT_PERCENT) return undefined;
  const context = `The main thread spent ${figure(share)} % of its time within the last 10 s on formatting and writing ${figure(rate)} log lines per second (${figure(numberOf(kbPerSecond))} KB per second).`;
  const severity = share >= CRITICAL_PERCENT ? 'critical' : 'warning';
  if (top === undefined)
    return {
      severity,
      context,
      observation: 'None of the lines has a text that can be read.',
      subjects: [{ kind: 'logger', name: 'stdout', value: rate, unit: 'lines/s' }],
    };
  const from = placeOf(top.place);
  return {
    severity,
    context,
    observation: `The most frequent pattern of the lines that were read is "${textOf(top.pattern).slice(0, 200)}" (level ${textOf(top.level)}, logger ${textOf(top.logger)})${from === undefined ? '' : `, logged by ${place(from)}`}: ${figure(numberOf(top.countInWindow))} lines within 10 s.`,
    hypothesis: `${from?.name ?? textOf(top.logger)} logs in a loop, or at a level that is too low for this load.`,
    subjects: subjectsOf(top, rate),
  };
}

function subjectsOf(top: JsonObject, rate: number): readonly Subject[] {
  const from = placeOf(top.place);
  const logger: Subject = { kind: 'logger', name: textOf(top.logger), value: rate, unit: 'lines/s' };
  if (from === undefined) return [logger];
  const through = placeOf(top.through);
  return [
    functionSubject(from, rate, 'lines/s'),
    logger,
    // What other skills see of it: the function that main is in.
    ...(through === undefined ? [] : [functionSubject(through, numberOf(top.throughMainPercent), '%')]),
  ];
}
