// How one answer is scored: by what is named, not by how it is said. Pure.
import type { Insight, InvestigationResult, Subject } from '@nodelens/core';
import type { Case, ExpectedSubject } from './case.ts';

/** Of an insight's subjects so many count: a list of everything names nothing. */
const COUNTED_SUBJECTS = 3;

export interface Score {
  /** Every true cause is named. */
  readonly isSolved: boolean;
  /** 0 when a cause is missing, else the share of the insights that are about a cause or an accepted symptom. */
  readonly score: number;
  /** Causes that no insight names, as `kind name (file)`. */
  readonly missing: readonly string[];
  /** First subjects of insights that are about something else. */
  readonly wrong: readonly string[];
  readonly evidence: EvidenceCheck;
}

export interface EvidenceCheck {
  readonly claims: number;
  /** Claims that cite nothing that was recorded. */
  readonly unsupported: readonly string[];
}

/** What is scored of a result. */
export type Found = Pick<InvestigationResult, 'insights' | 'notifications'>;

export type Names = Readonly<Record<string, string>>;

export function scoreOf(one: Case, { insights, notifications }: Found, names: Names): Score {
  const named = (expected: ExpectedSubject): boolean =>
    insights.some(({ subjects }) =>
      subjects.slice(0, COUNTED_SUBJECTS).some((s) => matches(s, expected, names)),
    );
  const missing = one.causes.filter(({ anyOf }) => !anyOf.some(named)).map(({ anyOf }) => wordFor(anyOf[0]));
  const right = [...one.causes.flatMap(({ anyOf }) => anyOf), ...one.accepted];
  const isRight = ({ subjects }: Insight): boolean =>
    subjects.slice(0, COUNTED_SUBJECTS).some((s) => right.some((expected) => matches(s, expected, names)));
  const wrong = insights.filter((insight) => !isRight(insight)).map(({ subjects }) => wordFor(subjects[0]));
  const isSolved = missing.length === 0;
  return {
    isSolved,
    score: isSolved ? (insights.length - wrong.length) / insights.length : 0,
    missing,
    wrong,
    evidence: checkEvidence({ insights, notifications }),
  };
}

/** When the last cause was named, given the insights in the order of their arrival; undefined when one never was. */
export function namedAfterMs(
  one: Case,
  arrived: readonly { readonly insight: Insight; readonly afterMs: number }[],
  names: Names,
): number | undefined {
  const times = one.causes.map(
    ({ anyOf }) =>
      arrived.find(({ insight }) =>
        insight.subjects
          .slice(0, COUNTED_SUBJECTS)
          .some((subject) => anyOf.some((expected) => matches(subject, expected, names))),
      )?.afterMs,
  );
  return times.some((time) => time === undefined) ? undefined : Math.max(...(times as number[]));
}

/** Every insight cites notifications of the run, word for word, and each of those a snapshot that was taken. */
function checkEvidence({ insights, notifications }: Found): EvidenceCheck {
  const byId = new Map(notifications.map((one) => [one.id, one]));
  const unsupported: string[] = [];
  for (const { id, notificationIds, matchedObservations } of insights) {
    const cited = notificationIds.map((cited) => byId.get(cited));
    if (cited.length === 0 || cited.includes(undefined))
      unsupported.push(`${id}: cites what was not reported`);
    if (cited.some((one) => one !== undefined && one.snapshots.length === 0))
      unsupported.push(`${id}: cites a notification without evidence`);
    const said = new Set(cited.map((one) => one?.observation));
    for (const observation of matchedObservations)
      if (!said.has(observation)) unsupported.push(`${id}: "${observation.slice(0, 80)}" was not observed`);
  }
  return { claims: insights.length, unsupported };
}

export function matches(subject: Subject, expected: ExpectedSubject, names: Names): boolean {
  if (subject.kind !== expected.kind) return false;
  const name = expected.name.replace(/\{(\w+)\}/g, (whole, key: string) => names[key] ?? whole);
  if (expected.file !== undefined && !subject.file?.endsWith(expected.file)) return false;
  return subject.name === name || lastPart(subject.name) === name || isAddressIn(subject.name, name);
}

const lastPart = (name: string): string => name.split(/[.#]/).at(-1) ?? name;

/** Peers and resources are told with more around the address: `GET http://127.0.0.1:4312/pay`. */
const isAddressIn = (told: string, name: string): boolean =>
  /[:/]/.test(name) &&
  new RegExp(`(?<![\\w.])${name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?!\\w)`).test(told);

export const wordFor = (subject: ExpectedSubject | Subject | undefined): string =>
  subject === undefined
    ? 'nothing'
    : `${subject.kind} ${subject.name}${subject.file === undefined ? '' : ` (${subject.file.split('/').slice(-2).join('/')})`}`;
