// Lives that are one thing to supervise: the same kind and name, started from the same place. Pure.
import type { Frame, Life, LifeKind } from './life.ts';

export interface Group {
  readonly kind: LifeKind;
  readonly name: string;
  readonly file: string | undefined;
  readonly starter: Frame | undefined;
  /** Oldest start first. */
  readonly lives: readonly Life[];
}

/** Of a flood of starts the later ones carry no place: they belong to the place that the others share. */
export function groupsOf(lives: readonly Life[]): readonly Group[] {
  const starters = new Map<string, Frame>();
  for (const life of lives) if (life.starter !== undefined) starters.set(nameKey(life), life.starter);
  const groups = Map.groupBy(lives, (life) => {
    const starter = life.starter ?? starters.get(nameKey(life));
    return `${nameKey(life)}\0${starter?.file}\0${starter?.line}`;
  });
  return [...groups.values()].map((group): Group => {
    const [{ kind, name, file }] = group as [Life];
    return {
      kind,
      name,
      file,
      starter: group.find(({ starter }) => starter !== undefined)?.starter,
      lives: group.toSorted((a, b) => a.startedAtMs - b.startedAtMs),
    };
  });
}

const nameKey = ({ kind, name, file }: Life): string => `${kind}\0${name}\0${file}`;
