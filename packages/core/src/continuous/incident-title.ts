// The line by which people know an incident: the cause that an insight names, else what was found, else which metrics
// are off. Pure.
import type { Insight } from '../coordinator/insight.ts';
import type { Notification } from '../operator/notification.ts';
import { redactText } from '../redact.ts';
import type { Severity, Subject } from '../skill.ts';

export interface Title {
  readonly text: string;
  readonly from: 'metrics' | 'finding' | 'insight';
  /** Of what it names. */
  readonly severity: Severity;
  /** Of the insight. */
  readonly confidence?: Insight['confidence'];
}

const MAX_CHARS = 200;

export const SEVERITIES: readonly Severity[] = ['info', 'warning', 'critical'];
const SOURCES: readonly Title['from'][] = ['metrics', 'finding', 'insight'];
const CONFIDENCES: readonly Insight['confidence'][] = ['low', 'medium', 'high'];

export const isGraver = (one: Severity, other: Severity): boolean =>
  SEVERITIES.indexOf(one) > SEVERITIES.indexOf(other);

/** @param reason of the investigation that anomalies started. */
export const titleOfMetrics = (reason: string): Title => ({
  text: line(reason),
  from: 'metrics',
  severity: 'warning',
});

export const titleOfFinding = ({
  observation,
  subjects,
  severity,
}: Pick<Notification, 'observation' | 'subjects' | 'severity'>): Title => ({
  text: naming(observation, subjects),
  from: 'finding',
  severity,
});

/** A hypothesis is told as the cause only where it is more than one model's guess. */
export const titleOfInsight = (
  { summary, rootCauseHypothesis, hypothesisGrounded, confidence, subjects }: Insight,
  severity: Severity,
): Title => ({
  text: naming(hypothesisGrounded && rootCauseHypothesis ? rootCauseHypothesis : summary, subjects),
  from: 'insight',
  severity,
  confidence,
});

/** What is worse is named first, then what is known better; of two alike the first stays. */
export function betterTitle(current: Title, other: Title): Title {
  for (const order of [bySeverity, bySource, byConfidence]) {
    const [own, its] = [order(current), order(other)];
    if (own !== its) return its > own ? other : current;
  }
  return current;
}

const bySeverity = ({ severity }: Title): number => SEVERITIES.indexOf(severity);
const bySource = ({ from }: Title): number => SOURCES.indexOf(from);
const byConfidence = ({ confidence = 'low' }: Title): number => CONFIDENCES.indexOf(confidence);

/** With the culprit, where the text does not name it. */
function naming(said: string, [culprit]: readonly Subject[]): string {
  const short = line(said);
  if (culprit === undefined || short.includes(culprit.name)) return short;
  const name = ` (${line(culprit.name, MAX_CHARS / 2)})`;
  return `${line(said, MAX_CHARS - name.length).replace(/\.$/, '')}${name}`;
}

function line(said: string, maxChars = MAX_CHARS): string {
  const flat = redactText(said).replace(/\s+/g, ' ').trim();
  return flat.length <= maxChars ? flat : `${flat.slice(0, maxChars - 1)}…`;
}
