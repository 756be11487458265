// Alertmanager tells a group again and again while it fires. One investigation for each, until it was quiet long enough.

export interface Quiet {
  /** True once; then false until the group is over, or so many ms later. */
  begins(groupKey: string): boolean;
  over(groupKey: string): void;
}

/** Groups that are remembered; beyond them the oldest is forgotten. */
const REMEMBERED = 1_000;

export function createQuiet(quietMs: number, now: () => number): Quiet {
  const begun = new Map<string, number>();
  return {
    begins(groupKey) {
      const atMs = begun.get(groupKey);
      if (atMs !== undefined && now() - atMs < quietMs) return false;
      begun.delete(groupKey);
      begun.set(groupKey, now());
      const [oldest] = begun.keys();
      if (begun.size > REMEMBERED && oldest !== undefined) begun.delete(oldest);
      return true;
    },
    over: (groupKey) => void begun.delete(groupKey),
  };
}
