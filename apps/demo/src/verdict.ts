// What an investigation found, for the reader of the demo's output, and whether it is what the demo promises.
import type { InvestigationResult, Subject } from 'nodelens';

const place = ({ file, line }: Subject): string =>
  file === undefined ? '' : `  ${file}${line === undefined ? '' : `:${line}`}`;

/** The insights as lines of text: what was seen, the cause, and what is to blame. */
export function describe(result: InvestigationResult): readonly string[] {
  const lines = result.insights.flatMap((insight) => [
    `● ${insight.summary}`,
    ...(insight.rootCauseHypothesis === undefined ? [] : [`  cause: ${insight.rootCauseHypothesis}`]),
    ...insight.subjects.map((subject) => `  ${subject.kind} ${subject.name}${place(subject)}`),
    `  confidence ${insight.confidence}, ${insight.correlationType}`,
  ]);
  const seconds = (result.durationMs / 1000).toFixed(1);
  return [...(lines.length === 0 ? ['Nothing to report.'] : lines), `${result.status} after ${seconds} s`];
}

/** Whether an insight names something of this kind by a name of its own, with file and line. */
export const namesCulprit = (result: InvestigationResult, kind: Subject['kind']): boolean =>
  result.insights.some(({ subjects }) =>
    subjects.some(
      (subject) =>
        subject.kind === kind &&
        /^[\w$#.]+$/.test(subject.name) &&
        subject.file !== undefined &&
        subject.line !== undefined,
    ),
  );

/** Whether nothing above `info` was raised by a run that completed. */
export const isAllClear = (result: InvestigationResult): boolean =>
  result.status === 'completed' &&
  result.notifications.every((notification) => notification.severity === 'info');
