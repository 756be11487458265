// All that is kept of the told requests: tallies by route and by peer, the slowest, the newest failures. Bounded.
import type { ProbeFeed } from '@nodelens/core';
import { peerOf } from '../requests/route-name.ts';
import { type Finished, finishedOf, isAborted, isFailure } from './finished.ts';
import { createLedger, type Ledger, type Slice } from './ledger.ts';

const MINUTE_MS = 60_000;
/** Fine slices show what began just now, coarse ones reach an hour back. */
export const FINE_MS = 5_000;
export const FINE_MINUTES = 15;
const COARSE_MINUTES = 60;
const SLOWEST_PER_MINUTE = 20;
const FAILURES = 200;

/** What is served, by route; what is asked for, by call and by peer. */
export type Kind = 'route' | 'call' | 'peer';

export interface Records {
  /** Slices of the last `minutes`; fine ones where they reach so far. */
  slices(kind: Kind, fromMs: number, toMs: number): readonly Slice[];
  /** Slowest first, of the last hour. */
  slowest(sinceMs: number): readonly Finished[];
  /** Newest first: failures, and responses that were closed before they were sent. */
  failures(): readonly Finished[];
}

export function keepRecords(feed: ProbeFeed, now: () => number): Records {
  const fine = ledgersOf(FINE_MS, (FINE_MINUTES * MINUTE_MS) / FINE_MS);
  const coarse = ledgersOf(MINUTE_MS, COARSE_MINUTES);
  const slowest = keepSlowest();
  let failures: Finished[] = [];
  feed.onEvent((event) => {
    const finished = finishedOf(event);
    for (const ledgers of [fine, coarse]) addTo(ledgers, finished);
    slowest.add(finished);
    if (!isFailure(finished) && !isAborted(finished)) return;
    failures.push(finished);
    // In bulk, so that a flood costs no copy for each.
    if (failures.length >= 2 * FAILURES) failures = failures.slice(-FAILURES);
  });
  return {
    slices: (kind, fromMs, toMs) =>
      (fromMs < now() - FINE_MINUTES * MINUTE_MS ? coarse : fine)[kind].between(fromMs, toMs),
    slowest: slowest.since,
    failures: () => failures.slice(-FAILURES).reverse(),
  };
}

type Ledgers = { readonly [kind in Kind]: Ledger };

const ledgersOf = (sliceMs: number, slices: number): Ledgers => ({
  route: createLedger(sliceMs, slices),
  call: createLedger(sliceMs, slices),
  peer: createLedger(sliceMs, slices),
});

function addTo(ledgers: Ledgers, finished: Finished): void {
  if (finished.side === 'server') {
    ledgers.route.add(finished, finished.name);
    return;
  }
  ledgers.call.add(finished, finished.name);
  ledgers.peer.add(finished, peerOf(finished.target));
}

interface Slowest {
  add(finished: Finished): void;
  since(sinceMs: number): readonly Finished[];
}

function keepSlowest(): Slowest {
  const byMinute = new Map<number, Finished[]>();
  return {
    add(finished) {
      const minute = Math.floor(finished.atMs / MINUTE_MS);
      const kept = byMinute.get(minute) ?? [];
      const last = kept.at(-1);
      if (kept.length >= SLOWEST_PER_MINUTE && last !== undefined && last.durationMs >= finished.durationMs)
        return;
      kept.push(finished);
      kept.sort((a, b) => b.durationMs - a.durationMs).splice(SLOWEST_PER_MINUTE);
      byMinute.set(minute, kept);
      if (byMinute.size > COARSE_MINUTES) byMinute.delete(Math.min(...byMinute.keys()));
    },
    since: (sinceMs) =>
      [...byMinute.values()]
        .flat()
        .filter(({ atMs }) => atMs >= sinceMs)
        .sort((a, b) => b.durationMs - a.durationMs),
  };
}
