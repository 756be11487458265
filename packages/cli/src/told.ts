// An event of a process that is watched, as one line: when, who, what.
import type { LensEventOf, ToldEvent, WatchEvent } from '@nodelens/core';
import type { Colors } from './colors.ts';
import { formatDuration } from './duration.ts';
import { endOfIncident } from './incident-end.ts';
import { colorOf, describe, type Line } from './progress.ts';
import { counted, plain } from './text.ts';

/** The line of an event; undefined for one that says nothing new to people. */
export function renderTold(event: ToldEvent | WatchEvent, colors: Colors): string | undefined {
  const line = describeTold(event, colors);
  if (line === undefined) return undefined;
  const [who, what] = line;
  return `${colors.dim(timeOf(event.atMs))} ${colors.dim(plain(who, 20).padEnd(12))} ${what}`;
}

/** `14:03:07.250`, in the time zone of who reads it. */
function timeOf(atMs: number): string {
  const date = new Date(atMs);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()];
  const milliseconds = String(date.getMilliseconds()).padStart(3, '0');
  return `${parts.map((part) => String(part).padStart(2, '0')).join(':')}.${milliseconds}`;
}

function describeTold(event: ToldEvent | WatchEvent, colors: Colors): Line | undefined {
  switch (event.type) {
    case 'coordinator.step':
      return said('coordinator', event.text);
    case 'operator.step':
      return said(event.operator, event.text);
    case 'tool.called': {
      const how = `${plain(event.tool, 60)} ${colors.dim(formatDuration(event.durationMs))}`;
      return [event.caller, event.isError ? `${how} ${colors.yellow('refused')}` : how];
    }
    case 'model.called':
      return modelLine(event, colors);
    case 'budget.exceeded': {
      const until = event.freeAt === undefined ? '' : `, until ${event.freeAt}`;
      const amounts = `${event.spent} of ${event.limit} ${event.unit}`;
      return ['budget', colors.yellow(`${plain(event.budget)} is used up: ${amounts}${until}`)];
    }
    case 'circuit.opened':
      return [
        event.model,
        colors.yellow(`not asked for ${formatDuration(event.retryInMs)}: ${plain(event.error.message)}`),
      ];
    case 'circuit.closed':
      return [event.model, `answers again after ${formatDuration(event.openForMs)}`];
    case 'incident.opened':
    case 'incident.updated':
    case 'incident.closed':
      return incidentLine(event, colors);
    case 'watch.main_joined':
      return ['nodelens', 'main answers: its own events come, too'];
    case 'watch.gap':
      return ['nodelens', colors.yellow(`${counted(event.dropped, 'event')} missed`)];
    default:
      return continuousLine(event, colors);
  }
}

type Rest = Exclude<
  ToldEvent,
  {
    type:
      | 'coordinator.step'
      | 'operator.step'
      | `${'tool' | 'model' | 'budget' | 'circuit' | 'incident'}.${string}`;
  }
>;

function continuousLine(event: Rest, colors: Colors): Line | undefined {
  switch (event.type) {
    case 'operator.woken':
      return [event.operator, `woken by ${event.why}${event.detail && `: ${plain(event.detail)}`}`];
    case 'operator.hibernated':
      return [event.operator, colors.dim(`rests for ${formatDuration(event.wakeInMs)}`)];
    case 'finding.resolved':
      return [
        event.operator,
        colors.green(`over after ${formatDuration(event.lastedMs)}: ${plain(event.findingType)}`),
      ];
    case 'anomaly.learned':
      return ['anomaly', `knows what is usual of ${counted(event.metrics, 'metric')}`];
    case 'anomaly.detected': {
      const { skill, metric, value, expected } = event.anomaly;
      return [skill, colors.yellow(`${plain(metric)} is ${figure(value)}, usually ${figure(expected)}`)];
    }
    case 'anomaly.ended':
      return [event.skill, `${plain(event.metric)} is usual again after ${formatDuration(event.lastedMs)}`];
    case 'investigation.triggered': {
      const outcome = event.isStarted
        ? ''
        : ` (not started${event.error ? `: ${plain(event.error.message)}` : ''})`;
      return [event.by, `asks for an investigation: ${plain(event.reason)}${outcome}`];
    }
    case 'schedule.fired':
      return ['schedule', `${plain(event.schedule)}${event.isStarted ? '' : ' (not started)'}`];
    case 'webhook.delivered':
      return ['webhook', `${plain(event.event)} to ${plain(event.url)}`];
    case 'webhook.failed':
      return [
        'webhook',
        colors.red(`${plain(event.event)} to ${plain(event.url)}: ${plain(event.error.message)}`),
      ];
    default:
      return systemLine(event, colors);
  }
}

type SystemRest = Exclude<
  Rest,
  {
    type:
      | 'operator.woken'
      | 'operator.hibernated'
      | 'investigation.triggered'
      | `${'finding' | 'anomaly' | 'schedule' | 'webhook'}.${string}`;
  }
>;

function systemLine(event: SystemRest, colors: Colors): Line | undefined {
  switch (event.type) {
    case 'main.stalled':
      return ['main', colors.yellow(`was blocked for ${formatDuration(event.durationMs)}${placeOf(event)}`)];
    case 'operator.restarted':
      return [event.operator, `restarts in ${formatDuration(event.delayMs)}, for the ${event.attempt}. time`];
    case 'operator.replaced':
      return [event.operator, 'runs in a new version'];
    case 'supervisor.gave_up':
      return [event.supervisor, colors.red(`gave up: ${plain(event.error.message)}`)];
    case 'actor.dead_letter':
      return [event.actor, colors.yellow(`${counted(event.count, 'message')} reached nobody: ${event.why}`)];
    case 'blackbox.recovered':
      return ['black box', plain(event.life.summary)];
    case 'recorder.restarted':
      return ['recorder', 'records again'];
    case 'recorder.exited':
      return ['recorder', colors.red(plain(event.error.message))];
    default:
      return describe(event, colors);
  }
}

function incidentLine(event: LensEventOf<`incident.${IncidentFact}`>, colors: Colors): Line {
  const { severity, title } = event.incident;
  const marked = colorOf(severity, colors);
  switch (event.type) {
    case 'incident.opened':
      return ['incident', `${marked(`opened, ${severity}:`)} ${colors.bold(plain(title))}`];
    case 'incident.updated': {
      const news = event.why === 'severity' ? `is ${severity} now` : `${event.why} joined`;
      return ['incident', `${marked(`${news}:`)} ${plain(event.what)}`];
    }
    case 'incident.closed': {
      const how = endOfIncident[event.why];
      return [
        'incident',
        `${colors.green(`${how} after ${formatDuration(event.lastedMs)}:`)} ${plain(title)}`,
      ];
    }
    default:
      return event satisfies never;
  }
}

type IncidentFact = 'opened' | 'updated' | 'closed';

function modelLine(event: LensEventOf<'model.called'>, colors: Colors): Line {
  const { caller, model, inputTokens, cachedInputTokens, outputTokens, costUsd, durationMs, error } = event;
  if (error !== undefined) return [caller, colors.yellow(`${plain(model)}: ${plain(error.message)}`)];
  const tokens = inputTokens + cachedInputTokens + outputTokens;
  const amount = tokens === 0 ? '' : ` ${counted(tokens, 'token')}`;
  const cost = costUsd === undefined || costUsd === 0 ? '' : ` $${costUsd.toFixed(4)}`;
  return [caller, `${plain(model, 80)}${amount}${cost} ${colors.dim(formatDuration(durationMs))}`];
}

const said = (who: string, text: string): Line | undefined =>
  text.trim() === '' ? undefined : [who, plain(text, 300)];

const placeOf = ({ culprit, kind }: LensEventOf<'main.stalled'>): string =>
  culprit === undefined
    ? ` (${kind})`
    : ` in ${plain(culprit.name, 200)} (${plain(culprit.file, 500)}:${culprit.line})`;

const figure = (value: number): string => `${Number(value.toPrecision(4))}`;
