// What triage says about a group of facts: observations word for word, the culprit with its place, and how sure
// that is. Pure.
import type { Insight } from '../../coordinator/insight.ts';
import type { Notification } from '../../operator/notification.ts';
import type { Subject } from '../../skill.ts';
import type { Group } from './correlate.ts';
import { distinct, type Fact } from './facts.ts';
import { isSameSubject, isSuspect, mentions, placeOf, rankOf } from './subject.ts';

export type InsightDraft = Omit<Insight, 'id' | 'investigationId' | 'createdAt'>;

const MAX_SUBJECTS = 10;
const MAX_SUMMARY = 1_200;

/** @param others notifications outside the group; one of another operator that names the culprit supports it. */
export function draftInsight(group: Group, others: readonly Notification[] = []): InsightDraft {
  const subjects = subjectsOf(group);
  const culprit = subjects.find(isSuspect);
  const own = group.facts.flatMap((fact) => fact.notifications);
  const support =
    culprit === undefined ? [] : others.filter(({ observation }) => mentions(observation, culprit));
  const notifications = [...own, ...support];
  const hypothesis = hypothesisOf(group, culprit);
  const isGrounded = hypothesis !== undefined && culprit !== undefined && isSupported(culprit, notifications);
  return {
    notificationIds: notifications.map(({ id }) => id),
    correlationType: group.correlation,
    summary: summaryOf(group, culprit),
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

/**
 * Whom to blame: the first of each cause, then the others of causes, then those of what follows, each the most
 * specific first, then those on which most notifications agree. Causes that blame nobody (a busy machine) come after
 * the code that they made worse.
 */
function subjectsOf({ facts, causes, beside }: Group): readonly Subject[] {
  const all = facts.flatMap((fact) => fact.notifications.map(({ subjects }) => subjects));
  const agreement = (subject: Subject): number =>
    all.filter((subjects) => subjects.some((other) => isSameSubject(subject, other))).length;
  const ranked = (some: readonly Fact[]): readonly Subject[] =>
    some
      .flatMap((fact) => fact.subjects)
      .toSorted((a, b) => rankOf(b) - rankOf(a) || agreement(b) - agreement(a));
  const firsts = causes.flatMap((cause) => ranked([cause]).slice(0, 1));
  const core = facts.filter((fact) => !beside.includes(fact));
  const everything = [...firsts, ...ranked(causes), ...ranked(core), ...ranked(beside)];
  const [culprit, ...others] = distinct(everything.filter(isSuspect));
  const isVague = !firsts.some(isSuspect);
  const blamed = culprit === undefined ? [] : [culprit, ...(isVague ? firsts : []), ...others];
  const begun = culprit === undefined ? firsts : [];
  const isOfBlaming = (subject: Subject): boolean =>
    core.some(({ subjects }) => subjects.includes(subject) && subjects.some(isSuspect));
  const resources = everything.filter((subject) => subject.kind === 'resource' && isOfBlaming(subject));
  const named = [...blamed, ...begun, ...resources, ...everything.filter((subject) => rankOf(subject) > 0)];
  // "main thread" or "heap" tells nothing beside a name; what runs short because of it does.
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
  { facts, links }: Group,
  { culprit, isGrounded }: { culprit: Subject | undefined; isGrounded: boolean },
): Insight['confidence'] {
  if (culprit === undefined) return 'low';
  const isCritical = facts.some((fact) =>
    fact.notifications.some(
      ({ severity, snapshots, subjects }) =>
        severity === 'critical' &&
        snapshots.length > 0 &&
        subjects.some((subject) => isSameSubject(subject, culprit)),
    ),
  );
  const isWhole = links.every(({ through }) => through === undefined);
  return rankOf(culprit) === 3 && isWhole && (isGrounded || isCritical) ? 'high' : 'medium';
}

function hypothesisOf(group: Group, culprit: Subject | undefined): string | undefined {
  const { facts, causes } = group;
  const blaming = facts.filter(
    (fact) => culprit === undefined || fact.subjects.some((subject) => isSameSubject(subject, culprit)),
  );
  const said = blaming
    .flatMap(({ notifications }) => notifications.toReversed())
    .map(({ hypothesis }) => hypothesis?.trim())
    .find((hypothesis) => hypothesis !== undefined && hypothesis !== '');
  const vague = causes.filter((cause) => !blaming.includes(cause) && !cause.subjects.some(isSuspect));
  const more = [...madeWorseBy(vague), ...chainOf(group, vague), ...leftOpen(group)];
  if (culprit === undefined) return openHypothesis(group, said, more);
  const what = `${wordFor(culprit)} is the probable cause of ${listOf(blaming)}`;
  return [said === undefined ? `${what}.` : `${what}: ${ended(said)}`, ...more].join(' ');
}

/** Where trouble shows is no cause of it: what is not known is said. */
function openHypothesis(
  { facts }: Group,
  said: string | undefined,
  more: readonly string[],
): string | undefined {
  const subjects = facts.flatMap((fact) => fact.subjects);
  const place = subjects.find((subject) => rankOf(subject) > 0);
  const isShort = subjects.some(({ kind }) => kind === 'resource');
  const open = place === undefined ? 'What causes it' : `${wordFor(place)} shows it; what causes it`;
  const parts = [
    ...(said === undefined ? [] : [ended(said)]),
    ...(isShort || (said === undefined && place === undefined) ? [] : [`${open} is not known.`]),
    ...more,
  ];
  return parts.length === 0 ? undefined : parts.join(' ');
}

/** What follows from what, step by step, with the steps that were not seen told as such, and what else may be behind. */
function chainOf({ links, facts }: Group, vague: readonly Fact[]): readonly string[] {
  const known = links.filter(({ cause }) => !vague.includes(cause));
  const byCause = Map.groupBy(known, ({ cause, through }) => `${cause.type}>${through ?? ''}`);
  return [...byCause.values()].map((some) => {
    const [first] = some;
    const effects = listOf(some.map(({ effect }) => effect));
    const step = first?.through === undefined ? '' : ` if it led to ${first.through}, which was not observed`;
    const rivals = some.flatMap((link) => link.rivals).filter((rival) => !facts.includes(rival));
    const others = rivals.length === 0 ? '' : `; ${listOf(rivals)} may explain it too`;
    return `${first?.cause.type} explains ${effects}${step}${others}.`;
  });
}

/** Causes beside the culprit that blame nobody. */
const madeWorseBy = (vague: readonly Fact[]): readonly string[] =>
  vague.length === 0 ? [] : [`${listOf(vague)} made it worse or is the cause of it.`];

const leftOpen = ({ beside, facts }: Group): readonly string[] =>
  beside.length === 0 || beside.length === facts.length
    ? []
    : [`Seen at the same time, its cause unknown: ${listOf(beside)}.`];

/** `The function slowPrice (src/pricing.js:42)`. */
function wordFor(subject: Subject): string {
  const what = `The ${subject.kind} ${subject.name}`;
  const place = placeOf(subject);
  return place === undefined ? what : `${what} (${place})`;
}

const listOf = (facts: readonly Fact[]): string => [...new Set(facts.map(({ type }) => type))].join(' and ');

const ended = (sentence: string): string => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);

/** What names the culprit is read first, also where a cause that blames nobody made it worse. */
function summaryOf({ facts }: Group, culprit: Subject | undefined): string {
  const names = ({ subjects }: Fact): number =>
    Number(culprit !== undefined && subjects.some((subject) => isSameSubject(subject, culprit)));
  const ordered = facts.toSorted((a, b) => names(b) - names(a));
  const observations = [...new Set(ordered.map(({ lead }) => ended(lead.observation.trim())))];
  const summary = observations.join(' ');
  return summary.length <= MAX_SUMMARY ? summary : `${summary.slice(0, MAX_SUMMARY - 1)}…`;
}
