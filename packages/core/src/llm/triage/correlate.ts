// Which facts belong together: by a declared cause, by a shared subject, and by time where nothing better is known.
// Pure; see insight-draft.ts for what is then said about a group.
import type { Insight } from '../../coordinator/insight.ts';
import type { Fact } from './facts.ts';
import { isSameSubject, rankOf } from './subject.ts';

export interface Group {
  readonly correlation: Insight['correlationType'];
  /** Causes first, then the most telling. */
  readonly facts: readonly Fact[];
  /** Those that explain others of the group. */
  readonly causes: readonly Fact[];
}

/** Types by what they explain: check id -> ids that it is a cause of. */
export type Explains = ReadonlyMap<string, readonly string[]>;

const TOGETHER_MS = 60_000;
const WARNING = 2;

/** Groups with at least one fact of warning or worse; facts of information join only what they share a subject with. */
export function correlate(facts: readonly Fact[], explains: Explains): readonly Group[] {
  const serious = facts.filter(({ weight }) => weight >= WARNING);
  const isCause = (cause: Fact, effect: Fact): boolean =>
    explains.get(cause.type)?.includes(effect.type) === true;
  const links = [...causalLinks(serious, isCause), ...sharedLinks(facts)];
  const components = componentsOf(facts, links).filter((group) =>
    group.some(({ weight }) => weight >= WARNING),
  );
  const groups = components.map((group) => groupOf(group, isCause));
  const alone = groups.filter((group) => group.facts.length === 1);
  const together = groups.filter((group) => group.facts.length > 1);
  return [...together, ...byTime(alone.flatMap((group) => group.facts))].toSorted(
    (a, b) => weightOf(b) - weightOf(a) || rankOfGroup(b) - rankOfGroup(a),
  );
}

type IsCause = (cause: Fact, effect: Fact) => boolean;
type Link = readonly [Fact, Fact];

/** An effect has one cause, the most telling: two causes of one effect are two insights. */
function causalLinks(facts: readonly Fact[], isCause: IsCause): readonly Link[] {
  return facts.flatMap((effect): readonly Link[] => {
    const [cause] = facts
      .filter((fact) => fact !== effect && isCause(fact, effect))
      .toSorted(mostTellingFirst);
    return cause === undefined ? [] : [[cause, effect]];
  });
}

/** Facts that name different culprits are not tied together by a resource that both use. */
function sharedLinks(facts: readonly Fact[]): readonly Link[] {
  return facts.flatMap((a, index) =>
    facts
      .slice(index + 1)
      .filter((b) => shares(a, b))
      .map((b): Link => [a, b]),
  );
}

function shares(a: Fact, b: Fact): boolean {
  const floor = Math.min(a.rank, b.rank) > 1 ? 1 : 0;
  return a.subjects.some(
    (one) =>
      rankOf(one) >= floor && b.subjects.some((other) => rankOf(other) >= floor && isSameSubject(one, other)),
  );
}

function componentsOf(facts: readonly Fact[], links: readonly Link[]): readonly (readonly Fact[])[] {
  let components: (readonly Fact[])[] = facts.map((fact) => [fact]);
  for (const [a, b] of links) {
    const touched = components.filter((component) => component.includes(a) || component.includes(b));
    if (touched.length > 1)
      components = [...components.filter((component) => !touched.includes(component)), touched.flat()];
  }
  return components;
}

function groupOf(facts: readonly Fact[], isCause: IsCause): Group {
  const explainsOther = (fact: Fact): boolean =>
    facts.some((other) => other !== fact && isCause(fact, other));
  const isExplained = (fact: Fact): boolean => facts.some((other) => other !== fact && isCause(other, fact));
  const causes = facts.filter((fact) => explainsOther(fact) && !isExplained(fact)).toSorted(mostTellingFirst);
  const rest = facts.filter((fact) => !causes.includes(fact)).toSorted(mostTellingFirst);
  return { correlation: causes.length > 0 ? 'causal' : 'symptomatic', facts: [...causes, ...rest], causes };
}

/** What stands alone: a culprit of its own stays alone, the others go together when they came together. */
function byTime(facts: readonly Fact[]): readonly Group[] {
  const single = (fact: Fact): Group => ({ correlation: 'symptomatic', facts: [fact], causes: [] });
  const named = facts.filter(({ rank }) => rank > 1);
  const clusters: Fact[][] = named.length === 1 ? named.map((fact) => [fact]) : [];
  const vague = facts.filter(({ rank }) => rank <= 1).toSorted((a, b) => a.at - b.at);
  for (const fact of vague) {
    const near = clusters.find(
      ([first]) => first !== undefined && Math.abs(first.at - fact.at) <= TOGETHER_MS,
    );
    if (near === undefined) clusters.push([fact]);
    else near.push(fact);
  }
  const grouped = clusters.map((cluster): Group => {
    const [first] = cluster;
    if (cluster.length === 1 && first !== undefined) return single(first);
    return { correlation: 'temporal', facts: cluster.toSorted(mostTellingFirst), causes: [] };
  });
  return named.length === 1 ? grouped : [...named.map(single), ...grouped];
}

const mostTellingFirst = (a: Fact, b: Fact): number => b.rank - a.rank || b.weight - a.weight || a.at - b.at;

const weightOf = ({ facts }: Group): number => Math.max(...facts.map(({ weight }) => weight));
const rankOfGroup = ({ facts }: Group): number => Math.max(...facts.map(({ rank }) => rank));
