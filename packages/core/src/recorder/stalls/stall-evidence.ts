// Whose word counts about a stall: the stacks that main served, or the armed profile. Main serves a request between two
// native calls and after the last one, so a stack may lack what had just returned; the profile samples within the calls,
// but does not know loops that V8 had optimised before it was armed, and books them on their callers. Pure.
import type { Stall } from '../context.ts';
import { INTERVAL_MS } from '../instruments/profile.ts';
import { type Blame, blame, blameable, type CountedStack, functionKey } from '../instruments/stack.ts';
import type { StallState } from './stall-state.ts';

export interface ChosenEvidence extends Pick<Stall, 'evidence'> {
  readonly stacks: readonly CountedStack[];
}

/** @param ownMs what main itself had of the stall: without waits for a core and collections */
export function chooseEvidence(state: StallState, ownMs: number): ChosenEvidence {
  const { profile } = state;
  const served = servedStacks(state);
  if (!names(profile)) return served;
  if (!names(served.stacks) || isMostlyNative(state) || isSampledBetter(profile, served.stacks, ownMs))
    return { evidence: 'armed-profile', stacks: profile };
  return served;
}

function servedStacks(state: StallState): ChosenEvidence {
  const live = counted(state.live);
  const late = counted(state.late);
  const told = (stacks: readonly CountedStack[]): ChosenEvidence => ({ evidence: 'live-stack', stacks });
  if (isSeenLive(state)) return told([...live, ...late]);
  if (names(live)) return told(live);
  if (names(late)) return told(late);
  if (live.length > 0) return told(live);
  if (state.profile.length > 0) return { evidence: 'armed-profile', stacks: state.profile };
  return { evidence: 'none', stacks: [] };
}

/** Mostly native calls, or nothing was seen: what main served came after them. */
function isMostlyNative(state: StallState): boolean {
  const { kinds, live } = state;
  if (isSeenLive(state)) return false;
  const native = kinds.filter((kind) => kind === 'native-cpu' || kind === 'native-io').length;
  return live.length === 0 || native >= live.length;
}

/** Several stacks agree on a function, and main answered for most of the time. */
function isSeenLive({
  live,
  late,
  silentMs,
  startedAt,
  endedAt = Number.POSITIVE_INFINITY,
}: StallState): boolean {
  return blame(counted([...live, ...late])).culpritSamples >= 2 && silentMs < (endedAt - startedAt) / 2;
}

/**
 * The profile knows another function that took most of the time. One that only called what was seen live took its time
 * from a loop that the profile does not know.
 */
function isSampledBetter(
  profile: readonly CountedStack[],
  served: readonly CountedStack[],
  ownMs: number,
): boolean {
  const sampled = blame(profile);
  const isMost = sampled.culpritSamples * INTERVAL_MS >= ownMs / 2;
  return isMost && !isWithin(blame(served), sampled);
}

/** Whether the culprit of `outer` is that of `inner`, or was on the stack beyond it. */
function isWithin({ culprit, stack }: Blame, outer: Blame): boolean {
  if (culprit === undefined || outer.culprit === undefined) return false;
  const keys = stack.map(functionKey);
  return keys.indexOf(functionKey(outer.culprit), keys.indexOf(functionKey(culprit))) !== -1;
}

const names = (stacks: readonly CountedStack[]): boolean =>
  stacks.some(({ frames }) => blameable(frames).length > 0);

const counted = (stacks: StallState['live']): readonly CountedStack[] =>
  stacks.map((frames) => ({ frames, count: 1 }));
