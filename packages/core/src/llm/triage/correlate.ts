// Which facts belong together: by a declared cause, by a shared subject, and by time where nothing better is known.
// Pure; see causes.ts for what causes what, and insight-draft.ts for what is then said about a group.
import type { Insight } from '../../coordinator/insight.ts';
import type { Subject } from '../../skill.ts';
import { causalLinks, type Explains, isExplainable, type Link } from './causes.ts';
import type { Fact } from './facts.ts';
import { isSameSubject, isSuspect, rankOf } from './subject.ts';

export interface Group {
  readonly correlation: Insight['correlationType'];
  /** Where it begins first, then what follows from it, then what only came at the same time. */
  readonly facts: readonly Fact[];
  /** Those that explain others of the group and that none of it explains. */
  readonly causes: readonly Fact[];
  readonly links: readonly Link[];
  /** Came at the same time, and nothing that was reported explains them. */
  readonly beside: readonly Fact[];
}

const TOGETHER_MS = 60_000;
const WARNING = 2;

/** Groups with at least one fact of warning or worse; facts of information join only what they share a subject with. */
export function correlate(facts: readonly Fact[], explains: Explains): readonly Group[] {
  const serious = facts.filter(({ weight }) => weight >= WARNING);
  const links = causalLinks(serious, explains);
  const pairs = [...links.map(({ cause, effect }): Pair => [cause, effect]), ...sharedPairs(facts, links)];
  const components = componentsOf(facts, pairs).filter((component) =>
    component.some(({ weight }) => weight >= WARNING),
  );
  const isLeader = (component: readonly Fact[]): boolean =>
    component.length > 1 || component.some((fact) => standsAlone(fact, explains));
  const leaders = components.filter(isLeader).map((component) => groupOf(component, links));
  const left = components.filter((component) => !isLeader(component)).flat();
  return joinByTime(leaders, left).toSorted(
    (a, b) => weightOf(b) - weightOf(a) || rankOfGroup(b) - rankOfGroup(a),
  );
}

/** It names a culprit, or a resource in trouble that nothing else is known to cause. */
const standsAlone = (fact: Fact, explains: Explains): boolean =>
  fact.subjects.some(isSuspect) ||
  (fact.subjects.some(({ kind }) => kind === 'resource') && !isExplainable(fact, explains));

type Pair = readonly [Fact, Fact];

/**
 * Facts that blame the same belong together. One that blames nobody goes to the most telling that it shares anything
 * with, and only when nothing explains it: a route that two culprits have in common does not tie these together.
 */
function sharedPairs(facts: readonly Fact[], links: readonly Link[]): readonly Pair[] {
  const blaming = facts.filter(({ subjects }) => subjects.some(isSuspect));
  const isLinked = (fact: Fact): boolean =>
    links.some(({ cause, effect }) => cause === fact || effect === fact);
  const vague = facts.filter((fact) => !blaming.includes(fact) && !isLinked(fact));
  const toBlaming = vague.flatMap((fact): readonly Pair[] => {
    const [partner] = blaming.filter((other) => shares(fact, other)).toSorted(mostTellingFirst);
    return partner === undefined ? [] : [[partner, fact]];
  });
  const alone = vague.filter((fact) => !toBlaming.some(([, other]) => other === fact));
  return [...pairsOf(blaming, isSuspect), ...toBlaming, ...pairsOf(alone)];
}

const pairsOf = (facts: readonly Fact[], counts?: (subject: Subject) => boolean): readonly Pair[] =>
  facts.flatMap((a, index) =>
    facts
      .slice(index + 1)
      .filter((b) => shares(a, b, counts))
      .map((b): Pair => [a, b]),
  );

const shares = (a: Fact, b: Fact, counts: (subject: Subject) => boolean = () => true): boolean =>
  a.subjects.some(
    (one) => counts(one) && b.subjects.some((other) => counts(other) && isSameSubject(one, other)),
  );

function componentsOf(facts: readonly Fact[], pairs: readonly Pair[]): readonly (readonly Fact[])[] {
  let components: (readonly Fact[])[] = facts.map((fact) => [fact]);
  for (const [a, b] of pairs) {
    const touched = components.filter((component) => component.includes(a) || component.includes(b));
    if (touched.length > 1)
      components = [...components.filter((component) => !touched.includes(component)), touched.flat()];
  }
  return components;
}

function groupOf(facts: readonly Fact[], all: readonly Link[]): Group {
  const links = all.filter(({ cause }) => facts.includes(cause));
  const explained = new Set(links.map(({ effect }) => effect));
  const explaining = new Set(links.map(({ cause }) => cause));
  const begins = [...explaining].filter((fact) => !explained.has(fact));
  // Facts that explain each other in a circle: the most telling stands for where it begins.
  const causes = (
    begins.length > 0 ? begins : [...explaining].toSorted(mostTellingFirst).slice(0, 1)
  ).toSorted(mostTellingFirst);
  const rest = facts.filter((fact) => !causes.includes(fact)).toSorted(mostTellingFirst);
  const correlation = causes.length > 0 ? 'causal' : 'symptomatic';
  return { correlation, facts: [...causes, ...rest], causes, links: inOrder(causes, links), beside: [] };
}

/** Links as a reader follows them: from the causes on, and never back to one. An effect has one link, so it ends. */
function inOrder(causes: readonly Fact[], links: readonly Link[]): readonly Link[] {
  const walked: Link[] = [];
  const reached = [...causes];
  for (const fact of reached)
    for (const link of links)
      if (link.cause === fact && !causes.includes(link.effect)) {
        walked.push(link);
        reached.push(link.effect);
      }
  return walked;
}

/** What names no culprit joins the worst group that came together with it, or else each other. */
function joinByTime(leaders: readonly Group[], left: readonly Fact[]): readonly Group[] {
  const groups = leaders.toSorted((a, b) => weightOf(b) - weightOf(a) || rankOfGroup(b) - rankOfGroup(a));
  const clusters: Fact[][] = [];
  for (const fact of left.toSorted((a, b) => a.at - b.at)) {
    const index = groups.findIndex(({ facts }) => facts.some((other) => isNear(other, fact)));
    const group = groups[index];
    const cluster = clusters.find(([first]) => first !== undefined && isNear(first, fact));
    if (group !== undefined) groups[index] = besideOf(group, fact);
    else if (cluster !== undefined) cluster.push(fact);
    else clusters.push([fact]);
  }
  return [...groups, ...clusters.map(clusterOf)];
}

const isNear = (a: Fact, b: Fact): boolean => Math.abs(a.at - b.at) <= TOGETHER_MS;

function besideOf(group: Group, fact: Fact): Group {
  const correlation = group.correlation === 'symptomatic' ? 'temporal' : group.correlation;
  return { ...group, correlation, facts: [...group.facts, fact], beside: [...group.beside, fact] };
}

/** Facts without a culprit: none of them explains the others. */
function clusterOf(cluster: readonly Fact[]): Group {
  const correlation = cluster.length > 1 ? 'temporal' : 'symptomatic';
  return { correlation, facts: cluster.toSorted(mostTellingFirst), causes: [], links: [], beside: [] };
}

const mostTellingFirst = (a: Fact, b: Fact): number => b.rank - a.rank || b.weight - a.weight || a.at - b.at;

const weightOf = ({ facts }: Group): number => Math.max(...facts.map(({ weight }) => weight));
const rankOfGroup = ({ facts }: Group): number => Math.max(...facts.map(({ rank }) => rank));

/** Whether it says whom or what to blame. */
export const namesCulprit = ({ facts }: Group): boolean =>
  facts.some(({ subjects }) => subjects.some((subject) => rankOf(subject) >= 2));
