// The checks `logger.error_burst` and `logger.new_error`: many more errors than this app logs otherwise, and an error
// that it has not logged before. There is no number of errors that is wrong for every app: it is compared with itself.
// Pure.
import type { Check, Conclusion, Finding, JsonObject, JsonValue, Severity, Subject } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf, textOf } from '../evidence.ts';
import { figure, functionSubject, percent, place } from '../wording.ts';

/** Fewer in a minute are single failures, whatever the app logs otherwise. */
const MIN_ERRORS = 10;
const TIMES = 3;
/** While nothing is known of what is usual: one line in twenty, our own choice. */
const MIN_PERCENT = 5;
/** Shewhart's rule: three standard deviations; of a count (Poisson) that is its mean's root. */
const DEVIATIONS = 3;
/** One error in a second, and every second line: the app does little else than fail. */
const CRITICAL_ERRORS = 60;
const CRITICAL_PERCENT = 50;

export const errorBurst: Check = {
  id: 'logger.error_burst',
  when: (snapshot) => {
    const errors = numberOf(snapshot.errors1m);
    const before = numberOf(snapshot.errorsPerMinuteBefore);
    const errorPercent1m = numberOf(snapshot.errorPercent1m);
    const isUsualKnown = typeof snapshot.errorsPerMinuteBefore === 'number';
    if (errors < MIN_ERRORS || (!isUsualKnown && errorPercent1m < MIN_PERCENT)) return undefined;
    if (errors < TIMES * before || errors <= before + DEVIATIONS * Math.sqrt(before)) return undefined;
    return { errors1m: errors, errorPercent1m };
  },
  investigate:
    "const stats = await logger_stats();\nconst patterns = await logger_patterns(60, 'error', 5);\nreturn { stats, patterns };",
  conclude: concludeBurst,
};

function concludeBurst(evidence: JsonValue, finding: Finding): Conclusion | undefined {
  const stats = objectOf(objectOf(evidence).stats);
  const [top, ...others] = listOf(objectOf(evidence).patterns);
  const errors = Math.max(numberOf(stats.errors1m), numberOf(finding.errors1m));
  if (top === undefined || errors < MIN_ERRORS) return undefined;
  const share = numberOf(stats.errorPercent1m, numberOf(finding.errorPercent1m));
  const count = numberOf(top.countInWindow);
  const baseline =
    stats.baselinePerMinute === undefined || stats.baselinePerMinute === null
      ? 'recording began too recently to tell what is usual'
      : `in the ${figure(numberOf(stats.baselineMinutes))} minutes before there were ${figure(numberOf(stats.baselinePerMinute))} per minute`;
  return {
    severity: severityOf(errors, share),
    context: `The app logged ${figure(errors)} errors within the last minute (${figure(share)} % of its lines); ${baseline}.`,
    observation: `The pattern ${quoted(top)} of the logger ${textOf(top.logger)} makes ${figure(count)} of them; newest line: ${shortened(textOf(top.example))}.${thrown(top)}${others.length === 0 ? '' : ` Other patterns: ${others.map((other) => `${quoted(other)} (${figure(numberOf(other.countInWindow))})`).join(', ')}.`}`,
    hypothesis:
      count >= errors / 2
        ? `One cause is behind most of the errors: ${causeOf(top)}.`
        : 'Several kinds of errors at once point at something that they share.',
    subjects: subjectsOf([top, ...others.filter((other) => numberOf(other.countInWindow) >= errors / 4)]),
  };
}

const severityOf = (errors: number, sharePercent: number): Severity =>
  errors >= CRITICAL_ERRORS && sharePercent >= CRITICAL_PERCENT ? 'critical' : 'warning';

const MIN_NEW = 5;
const DOMINANT_SHARE = 0.5;

export const newError: Check = {
  id: 'logger.new_error',
  when: (snapshot) => {
    const lines = numberOf(snapshot.newErrorPatternLines5m);
    const share = numberOf(snapshot.newErrorPatternShare5m);
    return lines < MIN_NEW || share < DOMINANT_SHARE ? undefined : { lines, share };
  },
  investigate: "return { patterns: await logger_new_patterns(300, 'error', 10) };",
  conclude: concludeNew,
  explains: ['logger.error_burst'],
};

function concludeNew(evidence: JsonValue, finding: Finding): Conclusion | undefined {
  const [top] = listOf(objectOf(evidence).patterns)
    .filter((one) => one.isNew === true)
    .toSorted((a, b) => numberOf(b.countInWindow) - numberOf(a.countInWindow));
  if (top === undefined) return undefined;
  return {
    severity: 'warning',
    context: `${percent(numberOf(finding.share))} of the errors that the app logged within the last 5 minutes are of a kind that it had not logged before.`,
    observation: `The pattern ${quoted(top)} of the logger ${textOf(top.logger)} was logged ${figure(numberOf(top.countInWindow))} times since it was first seen ${figure(numberOf(top.firstSeenSecondsAgo))} s ago; newest line: ${shortened(textOf(top.example))}.${thrown(top)}`,
    hypothesis: `Something changed about ${figure(numberOf(top.firstSeenSecondsAgo))} s ago: ${causeOf(top)}.`,
    subjects: subjectsOf([top]),
  };
}

const MAX_TEXT = 200;

const shortened = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

const quoted = (pattern: JsonObject): string => `"${shortened(textOf(pattern.pattern))}"`;

const causeOf = (pattern: JsonObject): string =>
  textOf(pattern.errorName) === '' ? shortened(textOf(pattern.pattern)) : textOf(pattern.errorName);

function thrown({ thrownBy }: JsonObject): string {
  const by = placeOf(thrownBy);
  return by === undefined ? '' : ` Its stack says that ${place(by)} threw it.`;
}

/** Functions that threw the errors; then one for each logger, with what it is named for in the window. */
function subjectsOf(patterns: readonly JsonObject[]): readonly Subject[] {
  const throwers = patterns.flatMap(({ thrownBy, countInWindow }) => {
    const by = placeOf(thrownBy);
    return by === undefined ? [] : [functionSubject(by, numberOf(countInWindow), 'errors')];
  });
  const loggers = [...Map.groupBy(patterns, ({ logger }) => textOf(logger))].map(
    ([name, parts]): Subject => ({
      kind: 'logger',
      name,
      value: parts.reduce((total, part) => total + numberOf(part.countInWindow), 0),
      unit: 'errors',
    }),
  );
  return [...throwers, ...loggers];
}
