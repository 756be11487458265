// Which groups are started again and again after failing quickly. Pure.
import { median } from '../statistics.ts';
import { round } from '../wording.ts';
import { type Group, groupsOf } from './groups.ts';
import { type Life, livedMs } from './life.ts';
import { isFailure } from './reason.ts';

/** As an Elixir Supervisor counts by default: more than 3 restarts within 5 s. */
const INTENSE_RESTARTS = 3;
const INTENSE_MS = 5_000;
/** A restarter that waits in between: so many failures, each soon after its start. */
const SLOW_FAILURES = 5;
export const SLOW_MS = 300_000;
const QUICK_MS = 5_000;
/** Most that ended must have failed: some failures among many good runs are no loop. */
const FAILED_SHARE = 0.6;
/** Without a failure for that long it is over. */
const OVER_MS = 60_000;

export interface CrashLoop extends Omit<Group, 'lives'> {
  readonly starts: number;
  readonly failures: number;
  /** Starts that followed a failure. */
  readonly restarts: number;
  readonly restartsPerMinute: number;
  /** Of those that failed. */
  readonly medianLifeMs: number;
  /** It satisfies the definition of a loop and goes on. */
  readonly isLooping: boolean;
  readonly alive: number;
  /** The newest failure. */
  readonly last: Life;
}

/** Those with a failure, the loops and then the most restarted first. */
export function crashLoopsOf(lives: readonly Life[], nowMs: number, windowMs: number): readonly CrashLoop[] {
  return groupsOf(lives)
    .flatMap((group): readonly CrashLoop[] => {
      const within = group.lives.filter(({ endedAtMs }) => (endedAtMs ?? nowMs) >= nowMs - windowMs);
      const failed = within.filter(isFailure).sort((a, b) => (a.endedAtMs ?? 0) - (b.endedAtMs ?? 0));
      const [first, last] = [failed[0], failed.at(-1)];
      return first === undefined || last === undefined ? [] : [loopOf(group, { within, failed, nowMs })];
    })
    .sort((a, b) => Number(b.isLooping) - Number(a.isLooping) || b.restarts - a.restarts);
}

interface Seen {
  /** Oldest start first. */
  readonly within: readonly Life[];
  /** Oldest end first, one at least. */
  readonly failed: readonly Life[];
  readonly nowMs: number;
}

function loopOf({ lives: _, ...group }: Group, { within, failed, nowMs }: Seen): CrashLoop {
  const last = failed.at(-1) as Life;
  const firstFailedAtMs = failed[0]?.endedAtMs ?? nowMs;
  const restarts = startsAfter(within, firstFailedAtMs, nowMs);
  const spanMs = Math.max(1_000, (within.at(-1)?.startedAtMs ?? nowMs) - firstFailedAtMs);
  const medianLifeMs = median(failed.map((life) => livedMs(life, nowMs)));
  const isRecent = nowMs - (last.endedAtMs ?? 0) <= OVER_MS;
  const ended = within.filter(({ endedAtMs }) => endedAtMs !== undefined);
  const isSlowLoop =
    failed.length >= SLOW_FAILURES &&
    restarts >= SLOW_FAILURES - 1 &&
    medianLifeMs <= QUICK_MS &&
    failed.length >= FAILED_SHARE * ended.length;
  return {
    ...group,
    starts: within.length,
    failures: failed.length,
    restarts,
    restartsPerMinute: round((restarts * 60_000) / spanMs),
    medianLifeMs: Math.round(medianLifeMs),
    isLooping: isRecent && (isSlowLoop || hasIntense(within, failed)),
    alive: within.length - ended.length,
    last,
  };
}

/** Whether within some 5 s so many failed, and as many were started again, as a supervisor would not stand. */
function hasIntense(within: readonly Life[], failed: readonly Life[]): boolean {
  return failed.some((first, index) => {
    const fromMs = first.endedAtMs ?? 0;
    const toMs = fromMs + INTENSE_MS;
    const deciding = failed[index + INTENSE_RESTARTS]?.endedAtMs;
    if (deciding === undefined || deciding > toMs) return false;
    if (startsAfter(within, fromMs, toMs) < INTENSE_RESTARTS) return false;
    const failures = failed.filter(({ endedAtMs = 0 }) => endedAtMs >= fromMs && endedAtMs <= toMs).length;
    const ended = within.filter(
      ({ endedAtMs }) => endedAtMs !== undefined && endedAtMs >= fromMs && endedAtMs <= toMs,
    );
    return failures >= FAILED_SHARE * ended.length;
  });
}

const startsAfter = (lives: readonly Life[], fromMs: number, toMs: number): number =>
  lives.filter(({ startedAtMs }) => startedAtMs >= fromMs && startedAtMs <= toMs).length;
