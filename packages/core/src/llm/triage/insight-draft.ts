// What triage says about a group of facts: observations word for word, the culprit with its place, and how sure
// that is. Pure.
import type { Insight } from '../../coordinator/insight.ts';
import type { Notification } from '../../operator/notification.ts';
import type { Subject } from '../../skill.ts';
import type { Group } from './correlate.ts';
import { distinct, type Fact } from './facts.ts';
import { isSameSubject, mentions, placeOf, rankOf } from './subject.ts';

export type InsightDraft = Omit<Insight, 'id' | 'investigationId' | 'createdAt'>;

const MAX_SUBJECTS = 10;
const MAX_SUMMARY = 1_200;

/** @param others notifications outside the group; one of another operator that names the culprit supports it. */
export function draftInsight(group: Group, others: readonly Notification[] = []): InsightDraft {
  const subjects = subjectsOf(group);
  const culprit = subjects.find((subject) => rankOf(subject) > 0);
  const own = group.facts.flatMap((fact) => fact.notifications);
  const support =
    culprit === undefined ? [] : others.filter(({ observation }) => mentions(observation, culprit));
  const notifications = [...own, ...support];
  const hypothesis = hypothesisOf(group, culprit);
  const isGrounded = hypothesis !== undefined && culprit !== undefined && isSupported(culprit, notifications);
  return {
    notificationIds: notifications.map(({ id }) => id),
    correlationType: group.correlation,
    summary: summaryOf(group.facts),
    matchedObservations: [...new Set(notifications.map(({ observation }) => observation))],
    hypothesisGrounded: isGrounded,
    ...(hypothesis !== undefined && { rootCauseHypothesis: hypothesis }),
    confidence: confidenceOf(group, { culprit, isGrounded }),
    subjects,
  };
}

/** The same without what a verification may refuse: the second try. */
export function withoutGrounding(draft: InsightDraft): InsightDraft {
  const confidence = draft.confidence === 'high' ? 'medium' : draft.confidence;
  return { ...draft, hypothesisGrounded: false, confidence };
}

/** Subjects of causes first; within each the most specific, then those on which most notifications agree. */
function subjectsOf({ facts, causes }: Group): readonly Subject[] {
  const all = facts.flatMap((fact) => fact.notifications.map(({ subjects }) => subjects));
  const agreement = (subject: Subject): number =>
    all.filter((subjects) => subjects.some((other) => isSameSubject(subject, other))).length;
  const ranked = (some: readonly Fact[]): readonly Subject[] =>
    some
      .flatMap((fact) => fact.subjects)
      .toSorted((a, b) => rankOf(b) - rankOf(a) || agreement(b) - agreement(a));
  const everything = ranked(facts);
  const named = [...ranked(causes), ...everything].filter((subject) => rankOf(subject) > 0);
  // "main thread" or "heap" tells nothing beside a name.
  return distinct(named.length > 0 ? named : everything).slice(0, MAX_SUBJECTS);
}

/** Operators of two skills name it, or one names it and another's observation contains its name. */
function isSupported(culprit: Subject, notifications: readonly Notification[]): boolean {
  const naming = notifications.filter(({ subjects }) =>
    subjects.some((other) => isSameSubject(culprit, other)),
  );
  const blamed = new Set(naming.map(sourceOf));
  if (blamed.size > 1) return true;
  return notifications.some((one) => !blamed.has(sourceOf(one)) && mentions(one.observation, culprit));
}

/** Two operators of one skill look at the same figures. */
const sourceOf = ({ operator, snapshots }: Notification): string => snapshots[0]?.skill ?? operator;

function confidenceOf(
  { facts }: Group,
  { culprit, isGrounded }: { culprit: Subject | undefined; isGrounded: boolean },
): Insight['confidence'] {
  if (culprit === undefined || rankOf(culprit) < 2) return 'low';
  const isCritical = facts.some((fact) =>
    fact.notifications.some(
      ({ severity, snapshots, subjects }) =>
        severity === 'critical' &&
        snapshots.length > 0 &&
        subjects.some((subject) => isSameSubject(subject, culprit)),
    ),
  );
  return rankOf(culprit) === 3 && (isGrounded || isCritical) ? 'high' : 'medium';
}

function hypothesisOf({ facts }: Group, culprit: Subject | undefined): string | undefined {
  const blaming = facts.filter(
    (fact) => culprit === undefined || fact.subjects.some((subject) => isSameSubject(subject, culprit)),
  );
  const said = blaming
    .flatMap(({ notifications }) => notifications.toReversed())
    .map(({ hypothesis }) => hypothesis?.trim())
    .find((hypothesis) => hypothesis !== undefined && hypothesis !== '');
  if (culprit === undefined) return said;
  const what = `${wordFor(culprit)} is the probable cause of ${listOf(facts)}`;
  return said === undefined ? `${what}.` : `${what}: ${ended(said)}`;
}

/** `The function slowPrice (src/pricing.js:42)`. */
function wordFor(subject: Subject): string {
  const what = `The ${subject.kind} ${subject.name}`;
  const place = placeOf(subject);
  return place === undefined ? what : `${what} (${place})`;
}

const listOf = (facts: readonly Fact[]): string => [...new Set(facts.map(({ type }) => type))].join(' and ');

const ended = (sentence: string): string => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);

function summaryOf(facts: readonly Fact[]): string {
  const observations = [...new Set(facts.map(({ lead }) => ended(lead.observation.trim())))];
  const summary = observations.join(' ');
  return summary.length <= MAX_SUMMARY ? summary : `${summary.slice(0, MAX_SUMMARY - 1)}…`;
}
