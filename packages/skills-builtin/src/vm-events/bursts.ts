// Long collections that came close together. Pure.
import { max, sum } from '../statistics.ts';
import { round } from '../wording.ts';
import type { VmEvent } from './event.ts';

/** gc.long_pause calls three within a minute repeated; these come at most so far apart. */
const REPEATED = 3;
const GAP_MS = 20_000;

export type Burst = {
  readonly atMs: number;
  readonly endedAtMs: number;
  readonly count: number;
  readonly totalMs: number;
  readonly longestMs: number;
};

/** Newest first. */
export function burstsOf(events: readonly VmEvent[]): readonly Burst[] {
  const groups: VmEvent[][] = [];
  for (const event of events.filter(({ type }) => type === 'long-gc').sort((a, b) => a.atMs - b.atMs)) {
    const last = groups.at(-1)?.at(-1);
    if (last !== undefined && event.atMs - endOf(last) <= GAP_MS) groups.at(-1)?.push(event);
    else groups.push([event]);
  }
  return groups
    .filter((group) => group.length >= REPEATED)
    .map(burstOf)
    .reverse();
}

function burstOf(group: readonly VmEvent[]): Burst {
  const own = group.map(({ facts }) => Number(facts.ownMs));
  return {
    atMs: group[0]?.atMs ?? 0,
    endedAtMs: max(group.map(endOf)),
    count: group.length,
    totalMs: round(sum(own)),
    longestMs: round(max(own)),
  };
}

const endOf = ({ atMs, durationMs = 0 }: VmEvent): number => atMs + durationMs;
