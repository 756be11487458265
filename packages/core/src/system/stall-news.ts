// Tells of what blocked main, once it is over and has its name.
import type { Id } from '../ids.ts';
import type { Stall } from '../recorder/context.ts';
import type { RecorderExtension } from '../recorder/run-recorder.ts';
import type { ToldEventOf } from '../telemetry/events.ts';

/** Shorter ones are in the recorder's rings; of them there may be many a second. In ms. */
const TOLD_FROM_MS = 100;
/** How long the end of one is waited for at a time. */
const LOOK_MS = 60_000;
/** As many may end while one is being named. */
const AT_ONCE = 50;

/** Emits `main.stalled`, also of what blocked main before this thread had its parts. */
export const stallNews: RecorderExtension = ({ context, tell }) => {
  const stopping = new AbortController();
  const { signal } = stopping;
  /** By its id: the wall clock may be set back. */
  let lastTold: Id | undefined;
  let isFollowing = false;
  /** Oldest first. */
  const untold = (): readonly Stall[] => {
    const newest = context.stalls.newest(AT_ONCE);
    const told = newest.findIndex(({ id }) => id === lastTold);
    return (told === -1 ? newest : newest.slice(0, told)).toReversed();
  };
  const follow = async (): Promise<void> => {
    isFollowing = true;
    while (!signal.aborted) {
      const current = context.currentStall();
      // One that begins meanwhile may end without its name: it comes in the next turn.
      const due = new Set([...untold(), ...(current ? [current] : [])].map(({ id }) => id));
      if (due.size === 0) break;
      await context.stallEnded(LOOK_MS, signal);
      for (const stall of untold().filter(({ id }) => due.has(id))) {
        lastTold = stall.id;
        if (stall.durationMs >= TOLD_FROM_MS) tell(news(stall));
      }
    }
    isFollowing = false;
  };
  context.onStall(() => {
    if (!isFollowing) void follow();
  });
  void follow();
  return () => stopping.abort();
};

/** It is named only some time after it has ended. */
const news = ({ startedAtMs, durationMs, kind, culprit }: Stall): ToldEventOf<'main.stalled'> => ({
  type: 'main.stalled',
  startedAtMs,
  durationMs,
  kind,
  ...(culprit && { culprit }),
  atMs: startedAtMs + durationMs,
});
