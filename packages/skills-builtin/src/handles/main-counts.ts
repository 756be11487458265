// What main has active, by type, asked for every 5 s (each second at first and while its timers or file watchers become
// more, every 15 s while it rests and nothing changes) and kept for an hour.
import type { JsonObject, ProbeFeed } from '@nodelens/core';
import { numberOf, objectOf } from '../evidence.ts';
import { waitAtMost } from '../wait-at-most.ts';
import { thinned } from './history.ts';
import { createPace } from './pace.ts';
import { ANSWER_MS, SNAPSHOT_MS } from './patience.ts';

export interface MainCounts {
  readonly atMs: number;
  /** Timers that keep the process alive; those that were unref'd are not counted by Node. */
  readonly timers: number;
  /** Of `fs.watch` and `fs.watchFile`. */
  readonly watchers: number;
  /** All by type (`TCPSocketWrap`, `MessagePort`, ...). */
  readonly byType: { readonly [type: string]: number };
}

const INTERVAL_MS = 5_000;
/** The shortest window that shows growth is 8 s: what leaks from the start on is known when that is over. */
const YOUNG_MS = 15_000;
const YOUNG_INTERVAL_MS = 1_000;
/** While main is at rest and the last two answers were the same: each wakes it. */
const RESTING_MS = 15_000;
const TICK_SLACK_MS = 500;
/** So many more or fewer than an interval ago are worth a reading each second, in which alone they may be too few. */
const MOVED = 20;

export interface MainHistory {
  /**
   * Asks main, unless it was asked within the second or answering is dear, and waits a little; undefined while it has
   * never answered.
   */
  latest(): Promise<MainCounts | undefined>;
  /** Oldest first. */
  counts(): readonly MainCounts[];
  tick(isAtRest?: boolean): void;
}

export function createMainHistory(feed: ProbeFeed, now: () => number): MainHistory {
  const pace = createPace(950);
  const startedAtMs = now();
  let kept: MainCounts[] = [];
  let asking: Promise<void> | undefined;
  const take = async (): Promise<void> => {
    let costMs = 0;
    try {
      const answer = objectOf(await feed.ask({ what: 'counts' }, { timeoutMs: ANSWER_MS }));
      costMs = numberOf(answer.tookMs);
      kept = thinned([...kept, countsOf(answer, now())], now());
    } catch {
      // Main is in a native call, or the probe does not run: the snapshot tells how old the last answer is.
    } finally {
      asking = undefined;
      pace.spent(costMs);
    }
  };
  const ask = (): void => {
    asking ??= take();
  };
  return {
    async latest() {
      if (pace.isDue()) ask();
      if (asking !== undefined) await waitAtMost(SNAPSHOT_MS, asking);
      return kept.at(-1);
    },
    counts: () => kept,
    tick(isAtRest = false) {
      const last = kept.at(-1);
      const everyMs = intervalMs(now() - startedAtMs, isAtRest && isSteady(kept));
      const isOld = last === undefined || now() - last.atMs >= everyMs - TICK_SLACK_MS;
      const isEager = everyMs === YOUNG_INTERVAL_MS || isMoving(kept);
      if (feed.failure === undefined && pace.isDue(isEager) && (isOld || isEager)) ask();
    },
  };
}

function countsOf({ byType }: JsonObject, atMs: number): MainCounts {
  const counts = Object.entries(objectOf(byType)).map(([type, count]) => [type, numberOf(count)] as const);
  const types = Object.fromEntries(counts);
  const watchers = (types.FSEventWrap ?? 0) + (types.StatWatcher ?? 0);
  return { atMs, timers: types.Timeout ?? 0, watchers, byType: types };
}

/** How often main is asked, by how long there have been counts. */
export function intervalMs(ageMs: number, isQuiet: boolean): number {
  if (isQuiet) return RESTING_MS;
  return ageMs < YOUNG_MS ? YOUNG_INTERVAL_MS : INTERVAL_MS;
}

/** Whether the last two answers were the same. */
export function isSteady(counts: readonly Pick<MainCounts, 'byType'>[]): boolean {
  const [last, before] = [counts.at(-1), counts.at(-2)];
  if (last === undefined || before === undefined) return false;
  const types = Object.keys({ ...before.byType, ...last.byType });
  return types.every((type) => before.byType[type] === last.byType[type]);
}

/** Whether timers or file watchers have become more or fewer lately, by what was counted an interval before the last. */
export function isMoving(counts: readonly Pick<MainCounts, 'atMs' | 'timers' | 'watchers'>[]): boolean {
  const last = counts.at(-1);
  if (last === undefined) return false;
  const before = counts.findLast(({ atMs }) => atMs <= last.atMs - INTERVAL_MS + TICK_SLACK_MS) ?? counts[0];
  if (before === undefined) return false;
  return Math.max(Math.abs(last.timers - before.timers), Math.abs(last.watchers - before.watchers)) >= MOVED;
}
