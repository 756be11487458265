// A run in one line, or with what was said in it.
import type { CaseRun } from './run-case.ts';
import { wordFor } from './score.ts';

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

export function describeRun(run: CaseRun): string {
  const { score, variant, status, error } = run;
  const what = `${run.case}${variant === 'healthy' ? ' (healthy)' : ''} #${run.seed}`;
  if (status === 'failed') return `FAILED   ${what}: ${error}`;
  if (status === 'not_investigated') return `driven   ${what}`;
  if (variant === 'healthy')
    return run.alarms.length === 0 ? `silent   ${what}` : `ALARM    ${what}: ${run.alarms.join(' | ')}`;
  const time = run.namedAfterMs === undefined ? '' : `, named after ${seconds(run.namedAfterMs)}`;
  const blocked =
    run.namedWhileBlocked === undefined ? '' : run.namedWhileBlocked ? ' while blocked' : ' AFTER the block';
  const over = `, over after ${seconds(run.investigatedMs)}${status === 'completed' ? '' : `, ${status}`}`;
  if (!score.isSolved) return `MISSED   ${what}: ${score.missing.join(', ')}; said ${saidOf(run)}${over}`;
  const beside = score.wrong.length === 0 ? '' : `, beside ${score.wrong.join(', ')}`;
  return `solved   ${what}: ${score.score.toFixed(2)}${time}${blocked}${over}${beside}`;
}

const saidOf = ({ insights }: CaseRun): string =>
  insights.length === 0 ? 'nothing' : insights.map(({ subjects }) => wordFor(subjects[0])).join(', ');

export function describeVerbosely({ notifications, insights, output, dir }: CaseRun): string {
  const lines = [
    ...notifications.map(
      ({ type, severity, operator, observation, hypothesis, subjects }) =>
        `    ${operator} ${type} ${severity}: ${observation} ${hypothesis ?? ''} [${subjects.map(wordFor).join(', ')}]`,
    ),
    ...insights.map(
      ({ summary, rootCauseHypothesis, confidence, subjects }) =>
        `  > insight (${confidence}): ${rootCauseHypothesis ?? summary} [${subjects.map(wordFor).join(', ')}]`,
    ),
    ...(output === '' ? [] : [`    output: ${output}`]),
    ...(dir === undefined ? [] : [`    kept: ${dir}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
