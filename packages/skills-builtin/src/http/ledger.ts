// Tallies by name in slices of time, for as long as it is told; older slices are forgotten.
import type { Finished } from './finished.ts';
import { createNames, OTHER, peerOfCall } from './route-name.ts';
import { Tally } from './tally.ts';

export interface Slice {
  readonly startedAtMs: number;
  readonly tallies: Map<string, Tally>;
}

export interface Ledger {
  readonly sliceMs: number;
  add(finished: Finished): void;
  /** Those that began in the time, oldest first; the newest may still be filling. */
  between(fromMs: number, toMs: number): readonly Slice[];
}

/** Names of one ledger; then those of the peers that are not among them; then one for all. */
const MAX_NAMES = 100;

/** @param slices how many are kept */
export function createLedger(sliceMs: number, slices: number): Ledger {
  const peerName = createNames(MAX_NAMES, () => OTHER);
  const nameOf = createNames(MAX_NAMES, (name) => {
    const peer = peerOfCall(name);
    return peer.includes('://') ? peerName(`${OTHER} ${peer}`) : OTHER;
  });
  let kept: Slice[] = [];
  const sliceOf = (atMs: number): Slice | undefined => {
    const startedAtMs = atMs - (atMs % sliceMs);
    const found = kept.findLast((slice) => slice.startedAtMs <= startedAtMs);
    if (found?.startedAtMs === startedAtMs) return found;
    // An event of a slice that was passed over (the clock was set back) is not worth a place in between.
    if (found !== kept.at(-1)) return found;
    const slice = { startedAtMs, tallies: new Map<string, Tally>() };
    kept = [...kept.slice(1 - slices), slice];
    return slice;
  };
  return {
    sliceMs,
    add(finished) {
      const tallies = sliceOf(finished.atMs)?.tallies;
      const name = nameOf(finished.name);
      const tally = tallies?.get(name) ?? new Tally();
      tally.add(finished);
      tallies?.set(name, tally);
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
