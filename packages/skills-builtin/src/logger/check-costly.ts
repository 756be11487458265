// The check `logger.costly_lines`: few lines, and each of them takes main long: what is logged is large, or whoever reads
// the output does not keep up. Many small ones are the flood's matter. Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf } from '../evidence.ts';
import { sum } from '../statistics.ts';
import { figure, functionSubject, percent, place } from '../wording.ts';
import { CRITICAL_PERCENT, FELT_PERCENT, MIN_PER_SECOND } from './check-flood.ts';

/** Of the time in long writes that were looked at: whoever has less is one of several. */
const DOMINANT_SHARE = 0.5;
const FEWEST_WRITES = 5;
/** A line that one reads has a tenth of that. */
const LARGE_KB = 10;

export const costlyLines: Check = {
  id: 'logger.costly_lines',
  when: (snapshot) => {
    const share = numberOf(snapshot.writingShare10sPercent);
    const rate = numberOf(snapshot.linesPerSecond10s);
    return share < FELT_PERCENT || rate >= MIN_PER_SECOND
      ? undefined
      : { writingShare10sPercent: share, linesPerSecond10s: rate };
  },
  investigate: 'return { stats: (await logger_stats()).last10s, writes: await logger_costly(10) };',
  conclude: (evidence, finding) => conclude(evidence, numberOf(finding.writingShare10sPercent)),
  explains: ['runtime.cpu_hot', 'overload.loop_saturated', 'gc.churn'],
};

function conclude(evidence: JsonValue, share: number): Conclusion | undefined {
  const { stats, writes } = objectOf(evidence);
  const found = listOf(writes);
  const [worst] = found;
  const allMs = sum(found.map(({ ms }) => numberOf(ms)));
  if (worst === undefined || sum(found.map((one) => numberOf(one.writes))) < FEWEST_WRITES) return undefined;
  const { linesPerSecond, kbPerSecond } = objectOf(stats);
  const ofWorst = allMs === 0 ? 0 : numberOf(worst.ms) / allMs;
  const by = ofWorst < DOMINANT_SHARE ? undefined : placeOf(worst.place);
  const rate = numberOf(linesPerSecond);
  return {
    severity: share >= CRITICAL_PERCENT ? 'critical' : 'warning',
    context: `The main thread spent ${figure(share)} % of its time within the last 10 s on formatting and writing only ${figure(rate)} log lines per second (${figure(numberOf(kbPerSecond))} KB per second).`,
    observation: `${by === undefined ? 'Code that is not known' : place(by)} logs lines that take ${figure(numberOf(worst.meanMs))} ms and have ${figure(numberOf(worst.meanKb))} KB each; that is ${percent(ofWorst)} of the time in such lines.`,
    hypothesis: reasonOf(worst),
    subjects:
      by === undefined
        ? [{ kind: 'logger', name: 'stdout', value: share, unit: '% of main' }]
        : [functionSubject(by, share, '% of main')],
  };
}

const reasonOf = ({ meanKb }: JsonObject): string =>
  numberOf(meanKb) >= LARGE_KB
    ? 'Whole objects are logged: util.inspect (or JSON) makes a text of all of them on the main thread, whoever reads it.'
    : 'The lines are small: whoever reads stdout or stderr does not keep up, and writes to pipes and files are synchronous.';
