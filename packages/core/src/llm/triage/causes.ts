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
  return facts.flatMap((effect) => {
    const others = facts.filter((fact) => fact !== effect && fact.type !== effect.type);
    const direct = others.filter((cause) => explainsAtOnce(cause, effect, explains));
    const [nearest] = direct.toSorted(
      (a, b) => credibility(b, effect) - credibility(a, effect) || a.at - b.at,
    );
    if (nearest !== undefined) return [{ cause: nearest, effect }];
    if (effect.subjects.some(isSuspect)) return [];
    const gaps = others
      .filter(({ subjects }) => subjects.some(isSuspect))
      .flatMap((cause): readonly Link[] => {
        const through = stepBetween(cause, effect, explains);
        return through === undefined ? [] : [{ cause, effect, through }];
      });
    return gaps
      .toSorted(
        (a, b) => credibility(b.cause, effect) - credibility(a.cause, effect) || a.cause.at - b.cause.at,
      )
      .slice(0, 1);
  });
}

export const explainsAtOnce = (cause: Fact, effect: Fact, explains: Explains): boolean =>
  explains.get(cause.type)?.includes(effect.type) === true;

function stepBetween(cause: Fact, effect: Fact, explains: Explains): string | undefined {
  return explains.get(cause.type)?.find((step) => explains.get(step)?.includes(effect.type) === true);
}

/** One that blames the same is the best explanation, then the more specific, then the worse. */
function credibility(cause: Fact, effect: Fact): number {
  const isShared = cause.subjects.some(
    (one) => isSuspect(one) && effect.subjects.some((other) => isSuspect(other) && isSameSubject(one, other)),
  );
  return (isShared ? 100 : 0) + cause.rank * 10 + cause.weight;
}
