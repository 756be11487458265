// Checks in code what a model claims in an insight: ids exist, observations are verbatim, a grounded hypothesis has
// independent support. What fails is refused with a reason that says how to repair the claim.
import type { Id } from '../ids.ts';
import type { Notification } from '../operator/notification.ts';
import type { Subject } from '../skill.ts';
import type { Insight } from './insight.ts';

/** An insight as it is claimed: verified before it becomes one. `matchedObservations` are quotes of observations. */
export type Claim = Omit<Insight, 'id' | 'investigationId' | 'createdAt' | 'subjects'> & {
  /** Derived from the notifications when absent. */
  readonly subjects?: readonly Subject[];
};

export type VerifiedClaim = Omit<Insight, 'id' | 'investigationId' | 'createdAt'>;

export type ClaimCheck =
  | { readonly ok: true; readonly claim: VerifiedClaim }
  | { readonly ok: false; readonly reason: string };

export interface Evidence {
  /** All notifications of the investigation. */
  readonly notifications: readonly Notification[];
  /** The skill of an operator, by its name: two operators of one skill are not independent. */
  readonly skillOf: (operator: string) => string;
}

export function verifyClaim(claim: Claim, evidence: Evidence): ClaimCheck {
  const ids = [...new Set(claim.notificationIds)];
  const referenced = evidence.notifications.filter((notification) => ids.includes(notification.id));
  const matched = claim.matchedObservations.map((quote) => verbatim(quote, referenced));
  const subjects = (claim.subjects ?? []).map((subject) => known(subject, referenced));
  const reason =
    complaintAboutIds(ids, evidence.notifications) ??
    complaintAboutQuotes(claim.matchedObservations, matched, referenced) ??
    complaintAboutSubjects(claim.subjects ?? [], subjects) ??
    complaintAboutGrounding(claim, evidence);
  if (reason !== undefined) return { ok: false, reason };
  const found = subjects.filter((subject) => subject !== undefined);
  return {
    ok: true,
    claim: {
      ...claim,
      notificationIds: ids,
      matchedObservations: [...new Set(matched.filter((text) => text !== undefined))],
      subjects: found.length > 0 ? found : deriveSubjects(referenced),
    },
  };
}

/** All subjects of the notifications, each once, the most specific first. */
export function deriveSubjects(notifications: readonly Notification[]): Subject[] {
  const bySubject = new Map<string, Subject>();
  for (const subject of notifications.flatMap((notification) => notification.subjects)) {
    const key = subjectKey(subject);
    if (!bySubject.has(key)) bySubject.set(key, subject);
  }
  return [...bySubject.values()].sort((a, b) => specificity(b) - specificity(a));
}

const subjectKey = ({ kind, name, file }: Subject): string => `${kind}:${name}:${file ?? ''}`;

/** A named place in the code tells more than a named thing, which tells more than the process. */
function specificity({ kind, file, line }: Subject): number {
  const isCode = kind === 'function' || kind === 'collection';
  return (isCode ? 4 : 0) + (file === undefined ? 0 : 2) + (line === undefined ? 0 : 1);
}

function complaintAboutIds(ids: readonly Id[], notifications: readonly Notification[]): string | undefined {
  const existing = notifications.map((notification) => notification.id);
  const list = existing.join(', ') || 'none';
  if (ids.length === 0) return `An insight needs at least one notification id. Existing: ${list}.`;
  const missing = ids.filter((id) => !existing.includes(id));
  if (missing.length === 0) return undefined;
  return `These notifications do not exist: ${missing.join(', ')}. Existing: ${list}.`;
}

const normalised = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The whole observation that a quote is taken from; white space does not count. */
function verbatim(quote: string, referenced: readonly Notification[]): string | undefined {
  const wanted = normalised(quote);
  if (wanted === '') return undefined;
  return referenced.find(({ observation }) => normalised(observation).includes(wanted))?.observation;
}

function complaintAboutQuotes(
  quotes: readonly string[],
  matched: readonly (string | undefined)[],
  referenced: readonly Notification[],
): string | undefined {
  const invented = quotes.filter((_, index) => matched[index] === undefined);
  if (invented.length === 0) return undefined;
  const observations = referenced.map(({ observation }) => JSON.stringify(observation)).join(', ');
  return `matched_observations must be copied verbatim from the observations of the referenced notifications. Not found: ${invented.map((text) => JSON.stringify(text)).join(', ')}. Observations: ${observations}.`;
}

/** The same subject with its place, as a notification has it; or as claimed when a notification speaks of it. */
function known(claimed: Subject, referenced: readonly Notification[]): Subject | undefined {
  const isSame = (s: Subject): boolean =>
    s.kind === claimed.kind && s.name === claimed.name && (claimed.file ?? s.file) === s.file;
  const found = referenced.flatMap((notification) => notification.subjects).find(isSame);
  if (found !== undefined) return { ...found, ...claimed };
  return referenced.some((notification) => everything(notification).includes(claimed.name))
    ? claimed
    : undefined;
}

function complaintAboutSubjects(
  claimed: readonly Subject[],
  found: readonly (Subject | undefined)[],
): string | undefined {
  const invented = claimed.filter((_, index) => found[index] === undefined);
  if (invented.length === 0) return undefined;
  return `These subjects occur in none of the referenced notifications: ${invented.map((subject) => subject.name).join(', ')}. Leave them out, or leave out subjects altogether.`;
}

const UNGROUNDED =
  'Set hypothesis_grounded to false, or state a hypothesis that two operators of different skills support: by the same subject, by their hypotheses, or by what the other one observed.';

function complaintAboutGrounding(claim: Claim, { notifications, skillOf }: Evidence): string | undefined {
  if (!claim.hypothesisGrounded) return undefined;
  const hypothesis = claim.rootCauseHypothesis;
  if (!hypothesis) return `A grounded insight needs root_cause_hypothesis. ${UNGROUNDED}`;
  const names = culprits(hypothesis, notifications);
  const supporting = notifications.filter((notification) => supports(notification, hypothesis, names));
  const skills = new Set(supporting.map((notification) => skillOf(notification.operator)));
  if (skills.size >= 2) return undefined;
  const who = [...new Set(supporting.map((notification) => notification.operator))].join(', ') || 'none';
  return `The hypothesis has no independent support (operators that support it: ${who}). ${UNGROUNDED}`;
}

/** Names of subjects that the hypothesis speaks of. */
function culprits(hypothesis: string, notifications: readonly Notification[]): string[] {
  const names = notifications.flatMap(({ subjects }) => subjects.map((subject) => subject.name));
  return names.filter((name) => name.length >= 3 && hypothesis.includes(name));
}

/** It names the same culprit, or shares at least two telling words with the hypothesis. */
function supports(notification: Notification, hypothesis: string, names: readonly string[]): boolean {
  const text = everything(notification);
  if (names.some((name) => text.includes(name))) return true;
  const own = words(text);
  return [...words(hypothesis)].filter((word) => own.has(word)).length >= 2;
}

const everything = ({ context, observation, hypothesis, subjects }: Notification): string =>
  [context, observation, hypothesis ?? '', ...subjects.map((subject) => subject.name)].join(' ');

/** Words that occur in every report say nothing about a cause. */
const COMMON = new Set(
  'about above after because been before being below between caused causes could during event from function have high into likely main more process than that their them there this thread time under very were what when which while with within'.split(
    ' ',
  ),
);

function words(text: string): Set<string> {
  const found = text.toLowerCase().match(/[\p{L}_$][\p{L}\p{N}_$]{3,}/gu) ?? [];
  return new Set(found.filter((word) => !COMMON.has(word)));
}
