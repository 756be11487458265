// Calls out when main stalls, and again while it lasts, at longer and longer intervals: what a check calls blocked is
// longer than what a stall begins with.
import type { Clock } from '../actor/clock.ts';
import type { RecorderContext } from '../recorder/context.ts';

const FIRST_MS = 250;
/** Between two alarms; a service that stalls all the time is not looked at all the time. */
const LEAST_MS = 2_000;
const LONGEST_MS = 30_000;

/** Returns the undo. */
export function startStallAlarm(
  { onStall, currentStall }: Pick<RecorderContext, 'onStall' | 'currentStall'>,
  clock: Clock,
  alarm: () => void,
): () => void {
  let disarm: (() => void) | undefined;
  let isOver = false;
  const elapsed = (): number => clock.elapsed?.() ?? clock.now();
  let alarmedAtMs = Number.NEGATIVE_INFINITY;
  const again = (afterMs: number): void => {
    disarm = clock.after(afterMs, () => {
      disarm = undefined;
      if (currentStall() === undefined) return;
      if (elapsed() - alarmedAtMs >= LEAST_MS) {
        alarmedAtMs = elapsed();
        alarm();
      }
      again(Math.min(Math.max(2 * afterMs, LEAST_MS), LONGEST_MS));
    });
  };
  onStall(() => {
    if (!isOver && disarm === undefined) again(FIRST_MS);
  });
  return () => {
    isOver = true;
    disarm?.();
  };
}
