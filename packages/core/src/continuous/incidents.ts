// Which findings, investigations and insights are one incident, and what is told of it: opened once, updated by what
// joins it, closed when all of it is over. Pure: who keeps time and tells reads it from the answers.
import type { Insight } from '../coordinator/insight.ts';
import type { Id } from '../ids.ts';
import { fingerprint } from '../operator/memory.ts';
import type { Notification } from '../operator/notification.ts';
import type { Subject } from '../skill.ts';
import type { IncidentEnd, IncidentEvent } from '../telemetry/incident-events.ts';
import {
  closesAtMs,
  type IncidentRules,
  isJoinable,
  isOver,
  isRemembered,
  newIncident,
  type OpenIncident,
  subjectKey,
  withAdded,
  withEnded,
  withResolved,
  withUsual,
} from './incident.ts';
import { closed, informed, joinedQuietly, raised, type Update } from './incident-alarm.ts';
import { isGraver, titleOfFinding, titleOfInsight, titleOfMetrics } from './incident-title.ts';

/** Those that are open, oldest first: one, and such as are too old to be joined by something else. */
export type Incidents = readonly OpenIncident[];

export type IncidentNews =
  /** Of an operator that watches, or of an investigation; those that people ask for belong to no incident. */
  | { readonly type: 'found'; readonly notification: Notification; readonly isResident: boolean }
  | {
      readonly type: 'resolved';
      readonly operator: string;
      readonly findingType: string;
      readonly subjects: readonly Subject[];
    }
  /** The anomaly detector started an investigation. */
  | {
      readonly type: 'triggered';
      readonly investigationId: Id;
      readonly reason: string;
      /** `skill.metric`: for which it did so. */
      readonly metrics: readonly string[];
    }
  | { readonly type: 'off'; readonly metric: string }
  | { readonly type: 'usual'; readonly metric: string }
  | { readonly type: 'insight'; readonly insight: Insight }
  | { readonly type: 'ended'; readonly investigationId: Id };

export interface Moment {
  readonly nowMs: number;
  readonly rules: IncidentRules;
  /** Of an incident that is opened. */
  readonly id: () => Id;
}

export interface AfterNews {
  readonly incidents: Incidents;
  readonly told: readonly IncidentEvent[];
}

/** Something happened. */
export function heard(before: Incidents, news: IncidentNews, moment: Moment): AfterNews {
  const { incidents, told } = settled(before, moment);
  const after = joined(incidents, news, moment);
  return { incidents: after.incidents, told: [...told, ...after.told] };
}

/** Closes what is due. */
export function settled(before: Incidents, { nowMs, rules }: Pick<Moment, 'nowMs' | 'rules'>): AfterNews {
  const due = before.filter((incident) => closesAtMs(incident, rules) <= nowMs);
  if (due.length === 0) return { incidents: before, told: [] };
  const whyOf = (incident: OpenIncident): IncidentEnd => {
    if (incident.left !== undefined) return 'restarted';
    return isOver(incident) ? 'over' : 'too_long';
  };
  const told = due.flatMap((incident) => closed(incident, whyOf(incident), nowMs));
  return { incidents: before.filter((incident) => !due.includes(incident)), told };
}

/** Main has heard that it was opened. */
export const acknowledged = (before: Incidents, id: Id): Incidents =>
  before.some((one) => one.id === id && one.isHeard !== true)
    ? before.map((one) => (one.id === id ? { ...one, isHeard: true } : one))
    : before;

/** Closes all of them: nobody will remember them. */
export const stopped = (before: Incidents, nowMs: number): AfterNews => ({
  incidents: [],
  told: before.flatMap((incident) => closed(incident, 'stopped', nowMs)),
});

/** Wall-clock ms of when one of them is to be closed; undefined while there is none. */
export const settlesAtMs = (incidents: Incidents, rules: IncidentRules): number | undefined =>
  incidents.length === 0 ? undefined : Math.min(...incidents.map((incident) => closesAtMs(incident, rules)));

function joined(incidents: Incidents, news: IncidentNews, moment: Moment): AfterNews {
  const { nowMs } = moment;
  switch (news.type) {
    case 'found':
      return found(incidents, news, moment);
    case 'resolved': {
      const key = keyOf(news.operator, news.findingType, news.subjects);
      const own = incidents.find(({ findings }) => findings.some((one) => one.key === key && one.isOpen));
      return quietly(incidents, own, own && withResolved(own, key, nowMs));
    }
    case 'triggered': {
      const { investigationId, metrics } = news;
      const title = titleOfMetrics(news.reason);
      const own = leftWith(incidents, metrics, moment) ?? open(incidents, moment);
      const addition = { nowMs, title, investigationId, metrics };
      if (own !== undefined) return rejoined(incidents, [own, withAdded(own, addition)], moment);
      return opened(incidents, withAdded(newIncident(moment.id(), title, nowMs), addition), moment);
    }
    case 'off': {
      const metrics = [news.metric];
      const own = leftWith(incidents, metrics, moment) ?? open(incidents, moment);
      if (own === undefined) return { incidents, told: [] };
      return rejoined(incidents, [own, withAdded(own, { nowMs, metrics })], moment);
    }
    case 'usual': {
      const own = incidents.find(({ metrics }) => metrics.includes(news.metric));
      return quietly(incidents, own, own && withUsual(own, news.metric, nowMs));
    }
    case 'insight':
      return explained(incidents, news.insight, moment);
    case 'ended': {
      const own = incidents.find(({ underWay }) => underWay.includes(news.investigationId));
      return quietly(incidents, own, own && withEnded(own, news.investigationId, nowMs));
    }
    default:
      return news satisfies never;
  }
}

function found(
  incidents: Incidents,
  { notification, isResident }: Extract<IncidentNews, { type: 'found' }>,
  moment: Moment,
): AfterNews {
  const { id, investigationId, operator, type, severity, subjects } = notification;
  const { nowMs } = moment;
  const key = keyOf(operator, type, subjects);
  const own = isResident
    ? ownOf(incidents, { key, subjects }, moment)
    : ofInvestigation(incidents, investigationId);
  const title = titleOfFinding(notification);
  // An investigation does not tell when what it found is over, and what is no more than a hint ends nobody's alarm.
  const isOpen = isResident && severity !== 'info';
  const finding = { key, operator, severity, reportedAtMs: nowMs, isOpen };
  const addition = { nowMs, title, severity, subjects, notificationIds: [id], finding };
  if (own === undefined) {
    if (!isOpen) return { incidents, told: [] };
    return opened(incidents, withAdded(newIncident(moment.id(), title, nowMs), addition), moment);
  }
  const known = own.findings.find((one) => one.key === key);
  const isNews = isResident || known === undefined || isGraver(severity, known.severity);
  const now = withAdded(own, addition);
  if (!isNews) return quietly(incidents, own, now);
  const why = isGraver(severity, own.severity) ? 'severity' : 'finding';
  return updated(incidents, [own, now], { why, what: title, subjects, moment });
}

/** One that knows it already, then one that is about the same, then the one that is open. */
function ownOf(
  incidents: Incidents,
  { key, subjects }: { readonly key: string; readonly subjects: readonly Subject[] },
  moment: Moment,
): OpenIncident | undefined {
  // A process is no culprit: all that goes wrong in it is about it.
  const about = new Set(subjects.filter(({ kind }) => kind !== 'process').map(subjectKey));
  const known = incidents.filter((incident) => isRemembered(incident, moment.nowMs, moment.rules));
  return (
    known.findLast(({ findings }) => findings.some((one) => one.key === key)) ??
    known.findLast((incident) => incident.subjects.some((subject) => about.has(subjectKey(subject)))) ??
    open(incidents, moment)
  );
}

const ofInvestigation = (incidents: Incidents, id: Id): OpenIncident | undefined =>
  incidents.find(({ investigationIds }) => investigationIds.includes(id));

/** The one that whatever goes wrong now belongs to. */
const open = (incidents: Incidents, { nowMs, rules }: Moment): OpenIncident | undefined =>
  incidents.findLast((incident) => isJoinable(incident, nowMs, rules));

/** One of an earlier life in which one of these metrics was off. */
const leftWith = (
  incidents: Incidents,
  metrics: readonly string[],
  { nowMs, rules }: Moment,
): OpenIncident | undefined =>
  incidents.findLast(
    (incident) =>
      incident.left?.metrics.some((metric) => metrics.includes(metric)) &&
      isRemembered(incident, nowMs, rules),
  );

function explained(incidents: Incidents, insight: Insight, moment: Moment): AfterNews {
  const own = ofInvestigation(incidents, insight.investigationId);
  if (own === undefined) return { incidents, told: [] };
  const { notificationIds, subjects } = insight;
  const title = titleOfInsight(insight, own.severity);
  const now = withAdded(own, { nowMs: moment.nowMs, title, blamed: subjects, notificationIds });
  return updated(incidents, [own, now], { why: 'insight', what: title, subjects, moment });
}

const opened = (incidents: Incidents, incident: OpenIncident, moment: Moment): AfterNews => {
  const { now, told } = raised(incident, moment);
  return { incidents: [...incidents, now], told };
};

const updated = (
  incidents: Incidents,
  [own, joined]: readonly [OpenIncident, OpenIncident],
  update: Update & { readonly moment: Moment },
): AfterNews => {
  const { now, told } = informed(own, joined, update);
  return { ...quietly(incidents, own, now), told };
};

const rejoined = (
  incidents: Incidents,
  [own, joined]: readonly [OpenIncident, OpenIncident],
  moment: Moment,
): AfterNews => {
  const { now, told } = joinedQuietly(own, joined, moment);
  return { ...quietly(incidents, own, now), told };
};

const quietly = (
  incidents: Incidents,
  own: OpenIncident | undefined,
  now: OpenIncident | undefined,
): AfterNews => ({
  incidents:
    own === undefined || now === undefined ? incidents : incidents.map((one) => (one === own ? now : one)),
  told: [],
});

const keyOf = (operator: string, type: string, subjects: readonly Subject[]): string =>
  `${operator}|${fingerprint(type, subjects)}`;
