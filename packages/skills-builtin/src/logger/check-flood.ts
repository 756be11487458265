// The check `logger.flood`: so many lines that writing them takes a felt part of main. Judged by the time that was
// measured around the writes, not by a number of lines: a slow reader at the other end of a pipe makes few lines dear,
// because writes to it are synchronous. Pure.
import type { Check, Conclusion, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { figure } from '../wording.ts';

/** As for collections (clinic doctor): a tenth of main's time is felt by those who wait. */
const FELT_PERCENT = 10;
const CRITICAL_PERCENT = 40;
/** Below it is not the number of lines that costs. */
const MIN_PER_SECOND = 100;

export const flood: Check = {
  id: 'logger.flood',
  when: (snapshot) => {
    const share = numberOf(snapshot.writingShare10sPercent);
    const rate = numberOf(snapshot.linesPerSecond10s);
    return share < FELT_PERCENT || rate < MIN_PER_SECOND
      ? undefined
      : { writingShare10sPercent: share, linesPerSecond10s: rate };
  },
  investigate: 'return { stats: await logger_stats(), patterns: await logger_patterns(10, null, 3) };',
  conclude: (evidence, finding) =>
    conclude(evidence, numberOf(finding.writingShare10sPercent), numberOf(finding.linesPerSecond10s)),
  explains: ['runtime.cpu_hot'],
};

function conclude(evidence: JsonValue, share: number, rate: number): Conclusion | undefined {
  const [top] = listOf(objectOf(evidence).patterns);
  const recent = objectOf(objectOf(objectOf(evidence).stats).last10s);
  const context = `The main thread spent ${figure(share)} % of the last 10 s on formatting and writing ${figure(rate)} log lines per second (${figure(numberOf(recent.kbPerSecond))} KB per second).`;
  const severity = share >= CRITICAL_PERCENT ? 'critical' : 'warning';
  if (top === undefined)
    return {
      severity,
      context,
      observation: 'None of the lines has a text that can be read.',
      subjects: [{ kind: 'logger', name: 'stdout', value: rate, unit: 'lines/s' }],
    };
  return {
    severity,
    context,
    observation: `The most frequent pattern of the lines that were read is "${textOf(top.pattern).slice(0, 200)}" (level ${textOf(top.level)}, logger ${textOf(top.logger)}): ${figure(numberOf(top.countInWindow))} lines within 10 s.`,
    hypothesis: `${textOf(top.logger)} logs in a loop, or at a level that is too low for this load.`,
    subjects: [{ kind: 'logger', name: textOf(top.logger), value: rate, unit: 'lines/s' }],
  };
}
