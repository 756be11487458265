// What causes what: the checks of all skills declare it by type, and together that is a graph. Pure.
import type { Fact } from './facts.ts';
import { isSameSubject, isSuspect } from './subject.ts';

/** Types by what they explain: check id -> ids that it is a cause of. */
export type Explains = ReadonlyMap<string, readonly string[]>;

export interface Link {
  readonly cause: Fact;
  readonly effect: Fact;
  /** The type between the two that nobody reported; undefined when the cause explains the effect at once. */
  readonly through?: string;
  /** What else was reported that explains the effect, less credibly. */
  readonly rivals: readonly Fact[];
}

/** Types that can be at the beginning of a chain, of any length, which ends with `type`. */
export function causesOf(type: string, explains: Explains): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [type];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const [cause, effects] of explains)
      if (effects.includes(next) && !found.has(cause)) {
        found.add(cause);
        open.push(cause);
      }
  found.delete(type);
  return found;
}

/** Whether anything is known that explains such a fact; what nothing explains is a beginning. */
export const isExplainable = ({ type }: Fact, explains: Explains): boolean =>
  explains.values().some((effects) => effects.includes(type));

/**
 * At most one link to each effect, from its most credible cause: two causes of one effect are two insights. A chain
 * is made of links between facts. One step in it may be missing, but only to an effect that names nobody: what has a
 * culprit of its own is not explained away by what was not seen.
 */
export function causalLinks(facts: readonly Fact[], explains: Explains): readonly Link[] {
  const links = facts.flatMap((effect): readonly Link[] => {
    const others = facts.filter((fact) => fact !== effect && fact.type !== effect.type);
    const direct = mostCredible(linksOf(effect, others, explains));
    return direct.length > 0 || blames(effect) ? direct : mostCredible(gapsOf(effect, others, explains));
  });
  return links.filter((link) => !isSpread(link, links));
}

type Candidate = Omit<Link, 'rivals'>;

const linksOf = (effect: Fact, others: readonly Fact[], explains: Explains): readonly Candidate[] =>
  others
    .filter(({ type }) => explains.get(type)?.includes(effect.type) === true)
    .map((cause) => ({ cause, effect }));

const gapsOf = (effect: Fact, others: readonly Fact[], explains: Explains): readonly Candidate[] =>
  others.filter(blames).flatMap((cause): readonly Candidate[] => {
    const steps = explains.get(cause.type) ?? [];
    const through = steps.find((step) => explains.get(step)?.includes(effect.type) === true);
    return through === undefined ? [] : [{ cause, effect, through }];
  });

/** A busy machine makes many things worse; what these have for culprits, it does not tie together. */
function isSpread(link: Link, links: readonly Link[]): boolean {
  const blamed = ({ cause, effect }: Link): boolean => cause === link.cause && blames(effect);
  if (blames(link.cause) || !blamed(link)) return false;
  const [worst] = links.filter(blamed).toSorted((a, b) => tellingOf(b.effect) - tellingOf(a.effect));
  return worst !== link;
}

const blames = ({ subjects }: Fact): boolean => subjects.some(isSuspect);

/** One, or none. */
function mostCredible(links: readonly Candidate[]): readonly Link[] {
  const [first, ...others] = links.toSorted(
    (a, b) => credibilityOf(b) - credibilityOf(a) || a.cause.at - b.cause.at,
  );
  return first === undefined ? [] : [{ ...first, rivals: others.map(({ cause }) => cause).filter(blames) }];
}

/** One that blames the same is the best explanation, then the more specific, then the worse. */
function credibilityOf({ cause, effect }: Candidate): number {
  const isShared = cause.subjects.some(
    (one) => isSuspect(one) && effect.subjects.some((other) => isSuspect(other) && isSameSubject(one, other)),
  );
  return (isShared ? 100 : 0) + tellingOf(cause);
}

const tellingOf = ({ rank, weight }: Fact): number => 10 * rank + weight;
