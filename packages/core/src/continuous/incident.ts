// One incident as a value: what belongs to it, what of it is not over, and when it is. Pure, JSON and bounded.
import type { Id } from '../ids.ts';
import type { Severity, Subject } from '../skill.ts';
import type { Incident } from '../telemetry/incident-events.ts';
import { betterTitle, isGraver, type Title } from './incident-title.ts';

export interface IncidentFinding {
  /** Operator, type and subjects: what of two notifications is the same. */
  readonly key: string;
  readonly operator: string;
  readonly severity: Severity;
  /** Wall-clock ms of its latest notification. */
  readonly reportedAtMs: number;
  /** The incident waits until it is over. */
  readonly isOpen: boolean;
}

export interface OpenIncident extends Omit<Incident, 'title'> {
  readonly title: Title;
  /** Wall-clock ms of when something joined it, or was over, last. */
  readonly lastAtMs: number;
  readonly findings: readonly IncidentFinding[];
  /** Investigations of it that have not ended. */
  readonly underWay: readonly Id[];
  /** `skill.metric`: those that are off. */
  readonly metrics: readonly string[];
  /** Wall-clock ms of when it was told of last; absent as long as it is not grave enough to be told. */
  readonly toldAtMs?: number;
  /** Main has heard that it was opened: a process that dies before that has told none of its listeners. */
  readonly isHeard?: true;
  /** An earlier life of the service left it, and nothing of it has shown since. */
  readonly left?: {
    /** Wall-clock ms of when something joined it, or was over, last. */
    readonly atMs: number;
    /** Those that were off. */
    readonly metrics: readonly string[];
  };
}

export interface IncidentRules {
  /** So long nothing joins it any more, and nothing of it goes on, before it is closed. */
  readonly quietMs: number;
  /** What is found later than so long after its start belongs to another one, unless it is about the same subject. */
  readonly joinMs: number;
  /** The same after the last of it, where nothing but metrics that are off goes on: a new level is off for a day. */
  readonly joinOffMs: number;
  /** It is closed then, whatever goes on, and raised anew when it is reported again. */
  readonly longestMs: number;
  /** What is not as grave opens none that is told; it is told when something as grave joins. */
  readonly minSeverity: Incident['severity'];
}

export const defaultIncidentRules: IncidentRules = {
  // The longest windows that checks look back over, and the cool-down of anomalies: what shows later is of the same fault.
  quietMs: 900_000,
  // As for anomalies: what lasts so long must not hide what else goes wrong.
  joinMs: 6 * 3_600_000,
  joinOffMs: 3_600_000,
  longestMs: 24 * 3_600_000,
  minSeverity: 'warning',
};

const MAX_FINDINGS = 100;
const MAX_NOTIFICATIONS = 100;
const MAX_INVESTIGATIONS = 20;
const MAX_SUBJECTS = 20;
const MAX_METRICS = 200;

export interface Addition {
  readonly nowMs: number;
  readonly title?: Title;
  readonly severity?: Severity;
  /** In front of those before. */
  readonly blamed?: readonly Subject[];
  readonly subjects?: readonly Subject[];
  readonly notificationIds?: readonly Id[];
  readonly finding?: IncidentFinding;
  /** One that begins. */
  readonly investigationId?: Id;
  readonly metrics?: readonly string[];
}

export const newIncident = (id: Id, title: Title, nowMs: number): OpenIncident => ({
  id,
  severity: 'warning',
  title,
  startedAtMs: nowMs,
  lastAtMs: nowMs,
  subjects: [],
  notificationIds: [],
  investigationIds: [],
  findings: [],
  underWay: [],
  metrics: [],
});

export function withAdded({ left: _, ...incident }: OpenIncident, added: Addition): OpenIncident {
  const { nowMs, title, severity = 'info', finding, investigationId: begun } = added;
  const { blamed = [], subjects = [], notificationIds = [], metrics = [] } = added;
  const began = begun === undefined ? [] : [begun];
  return {
    ...incident,
    lastAtMs: nowMs,
    title: title === undefined ? incident.title : betterTitle(incident.title, title),
    severity: severity === 'critical' ? severity : incident.severity,
    subjects: distinct([...blamed, ...incident.subjects, ...subjects]).slice(0, MAX_SUBJECTS),
    notificationIds: newest([...incident.notificationIds, ...notificationIds], MAX_NOTIFICATIONS),
    investigationIds: newest([...incident.investigationIds, ...began], MAX_INVESTIGATIONS),
    underWay: newest([...incident.underWay, ...began], MAX_INVESTIGATIONS),
    metrics: newest([...incident.metrics, ...metrics], MAX_METRICS),
    findings: finding === undefined ? incident.findings : withFinding(incident.findings, finding),
  };
}

/** Replaces what was known of the same; of many, those that are over are forgotten first. */
function withFinding(before: readonly IncidentFinding[], finding: IncidentFinding): typeof before {
  const known = before.find(({ key }) => key === finding.key);
  const severity = known && isGraver(known.severity, finding.severity) ? known.severity : finding.severity;
  const isOpen = finding.isOpen || known?.isOpen === true;
  const findings = [...before.filter((one) => one !== known), { ...finding, severity, isOpen }];
  if (findings.length <= MAX_FINDINGS) return findings;
  const dispensable = findings.find((one) => !one.isOpen) ?? findings[0];
  return findings.filter((one) => one !== dispensable);
}

/** Its finding is over. */
export const withResolved = (incident: OpenIncident, key: string, nowMs: number): OpenIncident => ({
  ...incident,
  lastAtMs: nowMs,
  findings: incident.findings.map((one) => (one.key === key ? { ...one, isOpen: false } : one)),
});

/** Its investigation has ended. */
export const withEnded = (incident: OpenIncident, investigationId: Id, nowMs: number): OpenIncident => ({
  ...incident,
  lastAtMs: nowMs,
  underWay: incident.underWay.filter((id) => id !== investigationId),
});

/** The metric is as usual again. */
export const withUsual = (incident: OpenIncident, metric: string, nowMs: number): OpenIncident => ({
  ...incident,
  lastAtMs: nowMs,
  metrics: incident.metrics.filter((one) => one !== metric),
});

export const isGraveEnough = ({ severity }: OpenIncident, { minSeverity }: IncidentRules): boolean =>
  !isGraver(minSeverity, severity);

export const isOver = (incident: OpenIncident): boolean =>
  !isAtWork(incident) && incident.metrics.length === 0;

const isAtWork = ({ findings, underWay }: OpenIncident): boolean =>
  underWay.length > 0 || findings.some((one) => one.isOpen);

/** Whatever goes wrong now belongs to it; to what another life has left, only what it was about. */
export function isJoinable(
  incident: OpenIncident,
  nowMs: number,
  { joinMs, joinOffMs }: IncidentRules,
): boolean {
  const { startedAtMs, lastAtMs, left } = incident;
  if (left !== undefined || nowMs - startedAtMs >= joinMs) return false;
  return isAtWork(incident) || nowMs - lastAtMs < joinOffMs;
}

/** What it was about may go on in it: what another life has left is forgotten when it would be closed at once. */
export const isRemembered = (
  { startedAtMs, left }: OpenIncident,
  nowMs: number,
  { longestMs }: IncidentRules,
): boolean => left === undefined || nowMs - startedAtMs < longestMs;

/** Wall-clock ms of when it is to be closed, unless something happens before. */
export function closesAtMs(incident: OpenIncident, { quietMs, longestMs }: IncidentRules): number {
  if (incident.left !== undefined) return incident.lastAtMs + quietMs;
  const latestMs = incident.startedAtMs + longestMs;
  return isOver(incident) ? Math.min(incident.lastAtMs + quietMs, latestMs) : latestMs;
}

/** As it is told. */
export const asTold = ({
  lastAtMs: _,
  findings: __,
  underWay: ___,
  metrics: ____,
  toldAtMs: _____,
  isHeard: ______,
  left: _______,
  title,
  ...told
}: OpenIncident): Incident => ({ ...told, title: title.text });

export const subjectKey = ({ kind, name, file = '' }: Subject): string => `${kind}:${name}:${file}`;

const distinct = (subjects: readonly Subject[]): readonly Subject[] =>
  [...new Map(subjects.toReversed().map((subject) => [subjectKey(subject), subject])).values()].toReversed();

const newest = <T>(items: readonly T[], most: number): readonly T[] => [...new Set(items)].slice(-most);
