// Notifications as facts: an early one that knows only the kind of trouble is part of the later one that names the
// culprit. Pure.
import type { Notification } from '../../operator/notification.ts';
import type { Subject } from '../../skill.ts';
import { bestRank, isSameSubject, rankOf } from './subject.ts';

export interface Fact {
  /** What stands for the fact: the most telling notification, the latest of equals. */
  readonly lead: Notification;
  /** Lead and what it absorbed, oldest first. */
  readonly notifications: readonly Notification[];
  readonly type: string;
  readonly operator: string;
  /** Those of the lead first, without repetitions. */
  readonly subjects: readonly Subject[];
  /** The best rank of its subjects. */
  readonly rank: number;
  /** 1 info, 2 warning, 3 critical; the worst of all. */
  readonly weight: number;
  /** Of the lead, ms. */
  readonly at: number;
}

const WEIGHTS = { info: 1, warning: 2, critical: 3 } as const;

/** Facts in the order of their first notification. */
export function factsOf(notifications: readonly Notification[]): readonly Fact[] {
  const byTime = notifications.toSorted((a, b) => Date.parse(a.detectedAt) - Date.parse(b.detectedAt));
  const sources = Map.groupBy(byTime, ({ operator, type }) => JSON.stringify([operator, type]));
  const facts = [...sources.values()].flatMap((source) => fold(source).map(factOf));
  return facts.toSorted((a, b) => startOf(a) - startOf(b));
}

/** One operator's notifications of one type: those that blame the same go together, the vague join the last named. */
function fold(source: readonly Notification[]): readonly (readonly Notification[])[] {
  const vague = source.filter(({ subjects }) => bestRank(subjects) < 1);
  const groups: Notification[][] = [];
  for (const notification of source) {
    if (vague.includes(notification)) continue;
    const same = groups.find((group) => group.some((other) => blameSame(other, notification)));
    if (same === undefined) groups.push([notification]);
    else same.push(notification);
  }
  const last = groups.at(-1);
  if (vague.length > 0) last === undefined ? groups.push([...vague]) : last.push(...vague);
  return groups;
}

const blameSame = (a: Notification, b: Notification): boolean =>
  a.subjects.some((one) => rankOf(one) > 0 && b.subjects.some((other) => isSameSubject(one, other)));

function factOf(unordered: readonly Notification[]): Fact {
  const notifications = unordered.toSorted((a, b) => Date.parse(a.detectedAt) - Date.parse(b.detectedAt));
  const lead = notifications.reduce((best, one) => (tellsLess(one, best) ? best : one));
  const subjects = distinct([...lead.subjects, ...notifications.flatMap((one) => one.subjects)]);
  return {
    lead,
    notifications,
    type: lead.type,
    operator: lead.operator,
    subjects,
    rank: bestRank(subjects),
    weight: Math.max(...notifications.map(({ severity }) => WEIGHTS[severity])),
    at: Date.parse(lead.detectedAt),
  };
}

function tellsLess(a: Notification, b: Notification): boolean {
  const ranks = bestRank(a.subjects) - bestRank(b.subjects);
  return ranks < 0 || (ranks === 0 && WEIGHTS[a.severity] < WEIGHTS[b.severity]);
}

/** Without repetitions, the first of equals stays. */
export function distinct(subjects: readonly Subject[]): readonly Subject[] {
  const isFirst = (one: Subject, index: number): boolean =>
    subjects.findIndex(
      (other) =>
        isSameSubject(one, other) ||
        (one.kind === 'process' && other.kind === 'process' && one.name === other.name),
    ) === index;
  return subjects.filter(isFirst);
}

const startOf = (fact: Fact): number => Date.parse(fact.notifications[0]?.detectedAt ?? '');
