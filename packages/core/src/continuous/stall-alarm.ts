// Calls out when main stalls, and again while it lasts, at longer and longer intervals: what a check calls blocked is
// longer than what a stall begins with. Before the first time it gives a sign, so that who will be needed can be there.
import type { Clock } from '../actor/clock.ts';
import type { RecorderContext } from '../recorder/context.ts';

/** Since the stall was seen, which is some 50 ms after it began: most that are seen are over by then. */
const SIGN_MS = 75;
/** The same. */
const FIRST_MS = 250;
/** From a sign to its alarm. */
export const STALL_SIGN_LEAD_MS: number = FIRST_MS - SIGN_MS;
/** Between two alarms; a service that stalls all the time is not looked at all the time. */
const LEAST_MS = 2_000;
const LONGEST_MS = 30_000;

export interface StallCalls {
  /** An alarm will follow if the stall lasts for {@link STALL_SIGN_LEAD_MS} more. */
  readonly sign: () => void;
  readonly alarm: () => void;
}

/** Returns the undo. */
export function startStallAlarm(
  { onStall, currentStall }: Pick<RecorderContext, 'onStall' | 'currentStall'>,
  clock: Clock,
  { sign, alarm }: StallCalls,
): () => void {
  let disarm: (() => void) | undefined;
  let isOver = false;
  let alarmedAtMs = Number.NEGATIVE_INFINITY;
  const isDueIn = (ms: number): boolean => clock.now() + ms - alarmedAtMs >= LEAST_MS;
  /** If it still stalls then. */
  const after = (ms: number, run: () => void): void => {
    disarm = clock.after(ms, () => {
      disarm = undefined;
      if (currentStall() !== undefined) run();
    });
  };
  const again = (afterMs: number): void =>
    after(afterMs, () => {
      if (isDueIn(0)) {
        alarmedAtMs = clock.now();
        alarm();
      }
      again(Math.min(Math.max(2 * afterMs, LEAST_MS), LONGEST_MS));
    });
  onStall(() => {
    if (isOver || disarm !== undefined) return;
    after(SIGN_MS, () => {
      if (isDueIn(STALL_SIGN_LEAD_MS)) sign();
      again(STALL_SIGN_LEAD_MS);
    });
  });
  return () => {
    isOver = true;
    disarm?.();
  };
}
