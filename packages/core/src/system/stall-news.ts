// Tells of what blocked main, once it is over and has its name.
import type { RecorderContext, Stall } from '../recorder/context.ts';
import type { RecorderExtension } from '../recorder/run-recorder.ts';
import type { ToldEventOf } from '../telemetry/events.ts';

/** Shorter ones are in the recorder's rings; of them there may be many a second. In ms. */
const TOLD_FROM_MS = 100;
/** How long the end of one is waited for at a time. */
const LOOK_MS = 60_000;
/** As many may end while one is being named. */
const AT_ONCE = 50;

/** Emits `main.stalled`. */
export const stallNews: RecorderExtension = ({ context, tell }) => {
  const stopping = new AbortController();
  const { signal } = stopping;
  let toldUntilMs = context.now();
  let isFollowing = false;
  const follow = async (): Promise<void> => {
    isFollowing = true;
    while (!signal.aborted && isAnyNewer(context, toldUntilMs)) {
      // One that begins meanwhile may end without its name: it comes in the next turn.
      const untilMs = context.now();
      await context.stallEnded(LOOK_MS, signal);
      const ended = context.stalls.newest(AT_ONCE).filter(isWithin(toldUntilMs, untilMs));
      for (const stall of ended.toReversed()) if (stall.durationMs >= TOLD_FROM_MS) tell(news(stall));
      toldUntilMs = Math.max(toldUntilMs, ...ended.map(({ startedAtMs }) => startedAtMs));
    }
    isFollowing = false;
  };
  context.onStall(() => {
    if (!isFollowing) void follow();
  });
  return () => stopping.abort();
};

function isAnyNewer({ stalls, currentStall }: RecorderContext, toldUntilMs: number): boolean {
  const [newest] = stalls.newest(1);
  return currentStall() !== undefined || (newest !== undefined && newest.startedAtMs > toldUntilMs);
}

const isWithin =
  (fromMs: number, untilMs: number) =>
  ({ startedAtMs }: Stall): boolean =>
    startedAtMs > fromMs && startedAtMs <= untilMs;

/** It is named only some time after it has ended. */
const news = ({ startedAtMs, durationMs, kind, culprit }: Stall): ToldEventOf<'main.stalled'> => ({
  type: 'main.stalled',
  startedAtMs,
  durationMs,
  kind,
  ...(culprit && { culprit }),
  atMs: startedAtMs + durationMs,
});
