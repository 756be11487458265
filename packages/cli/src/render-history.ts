// What was found over time, for people: newest first, incidents, insights, notifications and the ends of earlier lives in
// one list.
import type {
  Insight,
  Notification,
  PreviousLife,
  Severity,
  StoredHistory,
  StoredIncident,
  StoredNotification,
  StoredStatus,
  Subject,
} from '@nodelens/core';
import type { Colors } from './colors.ts';
import { formatDuration } from './duration.ts';
import { endOfIncident } from './incident-end.ts';
import { colorOf } from './progress.ts';
import { renderSubject } from './render.ts';
import { plain } from './text.ts';

/** Several lines, without a trailing newline. */
export function renderHistory(history: StoredHistory, colors: Colors): string {
  const entries = [
    // A process of an older version tells of none.
    ...(history.incidents ?? []).map((incident) => ofIncident(incident, colors)),
    ...history.insights.map((insight) => ofInsight(insight, history.notifications, colors)),
    ...history.notifications.map((notification) => ofNotification(notification, colors)),
    ...history.previousLives.map((life) => ofLife(life, colors)),
  ];
  if (entries.length === 0) return 'Nothing was found yet.';
  return entries
    .sort((a, b) => b.at.localeCompare(a.at))
    .map((entry) => renderEntry(entry, colors))
    .join('\n\n');
}

interface Entry {
  /** ISO-8601 UTC. */
  readonly at: string;
  readonly kind: string;
  /** How bad, or how sure. */
  readonly weight: string;
  readonly text: string;
  /** Lines below the text. */
  readonly more: readonly string[];
  readonly subjects: readonly Subject[];
}

function ofIncident(incident: StoredIncident, colors: Colors): Entry {
  const { startedAtMs, severity, title, closed, subjects } = incident;
  const end =
    closed === undefined
      ? colors.bold('open')
      : `${endOfIncident[closed.why]} after ${formatDuration(closed.lastedMs)}`;
  return {
    at: new Date(startedAtMs).toISOString(),
    kind: colors.bold('incident'),
    weight: `${colorOf(severity, colors)(severity)}, ${end}`,
    text: colors.bold(plain(title)),
    more: [],
    subjects,
  };
}

const statusWords: { readonly [S in StoredStatus]: string } = {
  unread: '',
  acknowledged: ', acknowledged',
  resolved: ', resolved',
  raised_again: ', raised again',
};

function ofInsight(insight: Insight, notifications: readonly Notification[], colors: Colors): Entry {
  const { createdAt, summary, rootCauseHypothesis, confidence, subjects, notificationIds } = insight;
  const worst = severityOf(notifications.filter(({ id }) => notificationIds.includes(id)));
  return {
    at: createdAt,
    kind: colors.bold(colors.green('insight')),
    weight: worst === undefined ? `${confidence} confidence` : colorOf(worst, colors)(worst),
    text: colors.bold(plain(summary)),
    more: rootCauseHypothesis === undefined ? [] : [`cause: ${plain(rootCauseHypothesis)}`],
    subjects,
  };
}

function ofNotification(notification: StoredNotification, colors: Colors): Entry {
  const { detectedAt, operator, severity, observation, hypothesis, subjects, status } = notification;
  return {
    at: detectedAt,
    kind: plain(operator, 40),
    weight: `${colorOf(severity, colors)(severity)}${statusWords[status] ?? ''}`,
    text: plain(observation),
    more: hypothesis === undefined ? [] : [`perhaps: ${plain(hypothesis)}`],
    subjects,
  };
}

function ofLife(life: PreviousLife, colors: Colors): Entry {
  const { service, pid, hostname, lastSeenAt, end, summary, subjects } = life;
  return {
    at: lastSeenAt,
    kind: colors.bold('previous life'),
    weight: end === 'killed' ? end : colors.red(end),
    text: `${plain(service, 200)}, pid ${pid} on ${plain(hostname, 200)}: ${plain(summary)}`,
    more: [],
    subjects,
  };
}

const bySeverity: readonly Severity[] = ['critical', 'warning', 'info'];

const severityOf = (notifications: readonly Notification[]): Severity | undefined =>
  bySeverity.find((severity) => notifications.some((notification) => notification.severity === severity));

function renderEntry({ at, kind, weight, text, more, subjects }: Entry, colors: Colors): string {
  return [
    `${colors.dim(renderTime(at))}  ${kind}  ${weight}`,
    `  ${text}`,
    ...more.map((line) => `  ${line}`),
    ...subjects.flatMap((subject) => renderSubject(subject, colors)),
  ].join('\n');
}

/** To the second, still UTC. */
const renderTime = (iso: string): string =>
  plain(iso, 40)
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
