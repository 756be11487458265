// What is known of one stall, as a value: evidence is added, and the public Stall is drawn from it at any time.
import type { Id } from '../ids.ts';
import type { BlockKind, CodeLocation, Stall } from './context.ts';
import { blame, blameable, type CountedStack } from './stack.ts';

export interface StallState {
  readonly id: Id;
  /** Monotonic ms of the last beat before it. */
  readonly startedAt: number;
  readonly startedAtMs: number;
  /** Monotonic ms of the first beat after it. */
  readonly endedAt?: number;
  /** One per capture, oldest first. */
  readonly kinds: readonly BlockKind[];
  readonly native?: NonNullable<Stall['native']>;
  /** Stacks served while main was in JavaScript, oldest first. */
  readonly live: readonly (readonly CodeLocation[])[];
  /** Stacks served only after a native call had returned: they may show what came after it. */
  readonly late: readonly (readonly CodeLocation[])[];
  /** Cut from the armed profile after the end. */
  readonly profile: readonly CountedStack[];
}

export const newStall = (id: Id, startedAt: number, startedAtMs: number): StallState => ({
  id,
  startedAt,
  startedAtMs,
  kinds: [],
  live: [],
  late: [],
  profile: [],
});

/** Whether the armed profile knows more than what was seen live: mostly native calls, or nothing was seen. */
export function needsProfile({ kinds, live }: StallState): boolean {
  const native = kinds.filter((kind) => kind === 'native-cpu' || kind === 'native-io').length;
  return live.length === 0 || native >= live.length;
}

/** The public form; `now` is monotonic ms. */
export function viewStall(state: StallState, now: number): Stall {
  const { evidence, stacks } = chooseEvidence(state);
  const { stack, culprit, samples, culpritSamples } = blame(stacks);
  const told = mostFrequent(state.kinds) ?? (evidence === 'live-stack' ? 'javascript' : 'unknown');
  // A collector that waits for its helpers looks like a lock from outside.
  const kind = mostlyCollecting(stacks) ? 'native-cpu' : told;
  return {
    id: state.id,
    startedAtMs: Math.round(state.startedAtMs),
    durationMs: Math.round((state.endedAt ?? now) - state.startedAt),
    ongoing: state.endedAt === undefined,
    kind,
    ...(state.native !== undefined && { native: state.native }),
    stack,
    ...(culprit !== undefined && { culprit }),
    evidence,
    samples,
    culpritSamples,
  };
}

function chooseEvidence(state: StallState): Pick<Stall, 'evidence'> & { stacks: readonly CountedStack[] } {
  const names = (stacks: readonly CountedStack[]): boolean =>
    stacks.some(({ frames }) => blameable(frames).length > 0);
  const live = state.live.map((frames) => ({ frames, count: 1 }));
  const late = state.late.map((frames) => ({ frames, count: 1 }));
  if (names(state.profile) && needsProfile(state))
    return { evidence: 'armed-profile', stacks: state.profile };
  if (names(live)) return { evidence: 'live-stack', stacks: live };
  if (names(late)) return { evidence: 'live-stack', stacks: late };
  if (live.length > 0) return { evidence: 'live-stack', stacks: live };
  if (state.profile.length > 0) return { evidence: 'armed-profile', stacks: state.profile };
  return { evidence: 'none', stacks: [] };
}

function mostlyCollecting(stacks: readonly CountedStack[]): boolean {
  const sum = (some: readonly CountedStack[]): number => some.reduce((total, { count }) => total + count, 0);
  const collecting = sum(stacks.filter(({ frames }) => frames[0]?.name === '(garbage collector)'));
  return collecting > sum(stacks) / 2;
}

/** The latest of the most frequent ones; what could not be told does not count. */
function mostFrequent(kinds: readonly BlockKind[]): BlockKind | undefined {
  const counts = new Map<BlockKind, number>();
  let best: BlockKind | undefined;
  for (const kind of kinds) {
    if (kind === 'unknown') continue;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    if (best === undefined || count >= (counts.get(best) ?? 0)) best = kind;
  }
  return best;
}
