// Tallies by name in slices of time, for as long as it is told; older slices are forgotten.

import { NOT_FOUND, OTHER } from '../requests/route-name.ts';
import type { Finished } from './finished.ts';
import { Tally } from './tally.ts';

export interface Slice {
  readonly startedAtMs: number;
  readonly tallies: Map<string, Tally>;
}

export interface Ledger {
  add(finished: Finished, name: string): void;
  /** Those that began in the time, oldest first; the newest may still be filling. */
  between(fromMs: number, toMs: number): readonly Slice[];
}

/** Names at a time; what comes when there are as many is one. */
const MAX_NAMES = 100;

/** @param slices how many are kept */
export function createLedger(sliceMs: number, slices: number): Ledger {
  let kept: Slice[] = [];
  let known = new Set<string>();
  const nameOf = ({ status }: Finished, name: string): string => {
    if (known.has(name)) return name;
    // Whoever tries paths that do not exist must not take the places of routes.
    const wanted = status === 404 ? NOT_FOUND : name;
    if (known.size >= MAX_NAMES && !known.has(wanted)) return OTHER;
    known.add(wanted);
    return wanted;
  };
  const sliceOf = (atMs: number): Slice | undefined => {
    const startedAtMs = atMs - (atMs % sliceMs);
    const found = kept.findLast((slice) => slice.startedAtMs <= startedAtMs);
    if (found?.startedAtMs === startedAtMs) return found;
    // An event of a slice that was passed over (the clock was set back) is not worth a place in between.
    if (found !== kept.at(-1)) return found;
    const slice = { startedAtMs, tallies: new Map<string, Tally>() };
    kept = [...kept.filter((one) => one.startedAtMs > startedAtMs - slices * sliceMs), slice].slice(-slices);
    if (known.size >= MAX_NAMES) known = new Set(kept.flatMap(({ tallies }) => [...tallies.keys()]));
    return slice;
  };
  return {
    add(finished, name) {
      const tallies = sliceOf(finished.atMs)?.tallies;
      const bounded = nameOf(finished, name);
      const tally = tallies?.get(bounded) ?? new Tally();
      tally.add(finished);
      tallies?.set(bounded, tally);
    },
    between: (fromMs, toMs) => kept.filter(({ startedAtMs }) => startedAtMs >= fromMs && startedAtMs < toMs),
  };
}

export function mergeByName(slices: readonly Slice[]): Map<string, Tally> {
  const merged = new Map<string, Tally>();
  for (const { tallies } of slices)
    for (const [name, tally] of tallies) {
      const into = merged.get(name) ?? new Tally();
      into.merge(tally);
      merged.set(name, into);
    }
  return merged;
}

export const countOf = (slices: readonly Slice[]): number =>
  slices.reduce(
    (total, { tallies }) => [...tallies.values()].reduce((sum, { count }) => sum + count, total),
    0,
  );
