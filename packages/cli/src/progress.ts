// An investigation while it runs: one line per event.
import type { CoordinatorEvent, Severity } from '@nodelens/core';
import type { Colors } from './colors.ts';
import { formatDuration } from './duration.ts';
import { counted, plain } from './text.ts';

/** Tools whose effect has an event of its own, or none that matters to people. */
const bookkeeping: ReadonlySet<string> = new Set([
  'wait',
  'think',
  'done',
  'set_state',
  'send_notification',
  'invoke_operators',
  'produce_insight',
]);

/** The line of an event; undefined for one that says nothing new to people. */
export function renderEvent(event: CoordinatorEvent, colors: Colors): string | undefined {
  const line = isTold(event) ? undefined : describe(event, colors);
  if (line === undefined) return undefined;
  const [who, what] = line;
  return `${colors.dim(plain(who, 20).padEnd(12))} ${what}`;
}

/** Of what is wrong the notification has told. */
const isTold = (event: CoordinatorEvent): boolean =>
  event.type === 'operator.state_changed' && (event.state === 'warning' || event.state === 'critical');

export function colorOf(severity: Severity, colors: Colors): (text: string) => string {
  switch (severity) {
    case 'critical':
      return colors.red;
    case 'warning':
      return colors.yellow;
    case 'info':
      return colors.cyan;
    default:
      return severity satisfies never;
  }
}

/** Who, and what of it. */
export type Line = readonly [string, string];

export function describe(event: CoordinatorEvent, colors: Colors): Line | undefined {
  switch (event.type) {
    case 'investigation.started':
      return ['coordinator', `investigates: ${plain(event.reason)}`];
    case 'coordinator.step':
      return step('coordinator', event.tools);
    case 'operator.started':
      return [event.operator, 'started'];
    case 'operator.failed':
      return [event.operator, colors.red(`failed: ${plain(event.message)}`)];
    case 'operator.step':
      return step(event.operator, event.tools);
    case 'operator.state_changed':
      return [event.operator, `${event.state}: ${plain(event.reason)}`];
    case 'operator.notification': {
      const { severity, observation } = event.notification;
      return [event.operator, `${colorOf(severity, colors)(severity)} ${plain(observation)}`];
    }
    case 'operator.model_failed':
      return [
        event.operator,
        colors.yellow(`model: ${plain(event.message)}${event.willRetry ? ' (tries again)' : ''}`),
      ];
    case 'operator.completed': {
      const { status, durationMs, notifications } = event.result;
      return [
        event.operator,
        `${status} in ${formatDuration(durationMs)}, ${counted(notifications.length, 'notification')}`,
      ];
    }
    case 'insight.produced':
      return ['coordinator', colors.bold(`insight: ${plain(event.insight.summary)}`)];
    case 'investigation.finished':
      return ['coordinator', `${event.result.status} in ${formatDuration(event.result.durationMs)}`];
    case 'tool.called':
      // The step has told of it.
      return undefined;
    default:
      // A newer process may know events that this command does not.
      event satisfies never;
      return undefined;
  }
}

function step(who: string, tools: readonly string[]): Line | undefined {
  const telling = tools.filter((tool) => !bookkeeping.has(tool)).map((tool) => plain(tool, 60));
  return telling.length === 0 ? undefined : [who, telling.join(', ')];
}
