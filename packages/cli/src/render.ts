// The result of an investigation for people: what is wrong, why, and where, with the line of source if it can be read.
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Insight, InvestigationResult, Notification, Subject } from '@nodelens/core';
import type { Colors } from './colors.ts';
import { formatDuration } from './duration.ts';
import { colorOf } from './progress.ts';
import { counted, plain } from './text.ts';

const MAX_ANSWER_CHARS = 4_000;

/** Several lines, without a trailing newline. */
export function renderResult(result: InvestigationResult, colors: Colors): string {
  const blocks = result.insights.map((insight) => renderInsight(insight, colors));
  if (result.answer !== undefined) blocks.unshift(plain(result.answer, MAX_ANSWER_CHARS));
  if (blocks.length === 0)
    blocks.push(...result.notifications.map((notification) => renderNotification(notification, colors)));
  if (blocks.length === 0)
    blocks.push(result.status === 'completed' ? 'Nothing to report.' : 'Nothing was found.');
  return [...blocks, renderFooter(result, colors)].join('\n\n');
}

function renderInsight(insight: Insight, colors: Colors): string {
  const lines = [
    `${colors.bold(colors.green('●'))} ${colors.bold(plain(insight.summary))}`,
    ...(insight.rootCauseHypothesis === undefined
      ? []
      : [
          `  cause: ${plain(insight.rootCauseHypothesis)}${insight.hypothesisGrounded ? '' : ' (by one operator)'}`,
        ]),
    ...insight.subjects.flatMap((subject) => renderSubject(subject, colors)),
    colors.dim(
      `  ${insight.confidence} confidence, ${insight.correlationType}, from ${counted(insight.notificationIds.length, 'notification')}`,
    ),
  ];
  return lines.join('\n');
}

function renderNotification(notification: Notification, colors: Colors): string {
  const { severity, operator, observation, hypothesis, subjects } = notification;
  return [
    `${colorOf(severity, colors)('●')} ${plain(operator)}: ${plain(observation)}`,
    ...(hypothesis === undefined ? [] : [`  perhaps: ${plain(hypothesis)}`]),
    ...subjects.flatMap((subject) => renderSubject(subject, colors)),
  ].join('\n');
}

/** With its place, and the line of source there if it can be read. */
export function renderSubject(subject: Subject, colors: Colors): readonly string[] {
  const { kind, name, file, line, value, unit } = subject;
  const amount =
    value === undefined ? '' : ` (${Number(value.toFixed(2))}${unit ? ` ${plain(unit, 20)}` : ''})`;
  const label = `  ${kind} ${colors.bold(plain(name, 200))}${amount}`;
  if (file === undefined) return [label];
  const place = `${plain(file, 500)}${line === undefined ? '' : `:${line}`}`;
  const source = line === undefined ? undefined : sourceLine(file, line);
  const excerpt = source === undefined ? [] : [`    ${colors.dim(`${line} |`)} ${source}`];
  return [`${label}  ${colors.cyan(place)}`, ...excerpt];
}

function renderFooter(result: InvestigationResult, colors: Colors): string {
  const { usage } = result;
  const tokens = usage.inputTokens + usage.cachedInputTokens + usage.outputTokens;
  const cost = usage.costUsd === undefined ? '' : `, $${usage.costUsd.toFixed(4)}`;
  const lines = result.operators
    .filter((operator) => operator.status !== 'completed')
    .map((operator) => {
      const why = operator.error === undefined ? '' : `: ${plain(operator.error.message)}`;
      return colors.yellow(`operator ${plain(operator.operator)} ${operator.status}${why}`);
    });
  if (result.error !== undefined) lines.push(colors.red(plain(result.error.message)));
  const spent = tokens === 0 ? '' : `, ${tokens} tokens${cost}`;
  lines.push(
    colors.dim(
      `${result.status} in ${formatDuration(result.durationMs)}, ${counted(result.operators.length, 'operator')}, ${plain(usage.model)}${spent}, id ${plain(result.id)}`,
    ),
  );
  return lines.join('\n');
}

const maxSourceBytes = 2 * 1024 * 1024;

/** The file may be gone, changed or on another machine: then there is just no excerpt. */
function sourceLine(file: string, line: number): string | undefined {
  try {
    const path = file.startsWith('file:') ? fileURLToPath(file) : file;
    const found = path.startsWith('/') ? statSync(path) : undefined;
    if (!found?.isFile() || found.size > maxSourceBytes) return undefined;
    const text = readFileSync(path, 'utf8').split('\n')[line - 1];
    return text === undefined || text.trim() === '' ? undefined : plain(text, 160);
  } catch {
    return undefined;
  }
}
