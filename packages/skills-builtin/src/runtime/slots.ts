// The numbers of the probe `runtime`: written on main, read by the skill also while main is blocked.

/** Positions in `ProbeFeed.numbers`; counters since the start. */
export const turnSlot = {
  ticksQueued: 0,
  ticksRun: 1,
  microtasksQueued: 2,
  microtasksRun: 3,
} as const;

export const TURN_NUMBERS = 4;
