// What is known of one stall, as a value: evidence is added, and the public Stall is drawn from it at any time.
import type { Id } from '../../ids.ts';
import type { BlockKind, Stall } from '../context.ts';
import { blame, type CountedStack } from '../instruments/stack.ts';
import { starvedShare } from '../kernel/proc.ts';
import { chooseEvidence } from './stall-evidence.ts';
import type { Schedule, StallState } from './stall-state.ts';

/** Main's own time below this is no block: on a machine with a free core there would be no stall. In ms. */
const OWN_MS = 60;
/** A turn that had to wait works off what has piled up meanwhile; up to this that is no block either. In ms. */
const PILED_UP_MS = 200;

export const newStall = (
  id: Id,
  start: Pick<StallState, 'beatAt' | 'startedAt' | 'startedAtMs'>,
): StallState => ({
  id,
  ...start,
  kinds: [],
  gcMs: 0,
  silentMs: 0,
  live: [],
  late: [],
  profile: [],
});

/**
 * When what blocks main at `now` has begun: a main that beats slowly may have turned its loop since its last beat; what
 * it has run and waited for a core since it was last looked at tells. All times are monotonic ms.
 */
export function beginningOf(
  { beatAt, dueAt, now }: { readonly beatAt: number; readonly dueAt: number; readonly now: number },
  ran: Pick<Schedule, 'from' | 'to'> | undefined,
): number {
  if (ran === undefined) return dueAt;
  const runMs = ran.to.cpuMs - ran.from.cpuMs + ran.to.queuedMs - ran.from.queuedMs;
  return Math.max(beatAt, Math.min(dueAt, now - runMs));
}

const KINDS_KEPT = 100;

/** One more look: its kind, and the kernel's view where it goes with the verdict so far (a signal wakes a waiting main for an instant). */
export function judgedOnce(
  state: StallState,
  kind: BlockKind,
  native: Stall['native'],
): Pick<StallState, 'kinds' | 'native'> {
  const kinds = kind === 'unknown' ? state.kinds : [...state.kinds, kind].slice(-KINDS_KEPT);
  const isTypical = state.native === undefined || kind === mostFrequent(kinds);
  const view = isTypical ? (native ?? state.native) : state.native;
  return { kinds, ...(view !== undefined && { native: view }) };
}

/** The public form; `now` is monotonic ms. */
export function viewStall(state: StallState, now: number): Stall {
  const durationMs = (state.endedAt ?? now) - state.startedAt;
  const waitedMs = durationMs * starvation(state);
  const { evidence, stacks } = chooseEvidence(state, durationMs - waitedMs - state.gcMs);
  // A collector that waits for its helpers looks like a lock from outside.
  const isCollecting = state.gcMs > (durationMs - waitedMs) / 2 || mostlyCollecting(stacks);
  const starvedMs = isCollecting ? Math.max(waitedMs, durationMs * notComputed(state)) : waitedMs;
  const kind = kindOf(state, isCollecting, { durationMs, starvedMs });
  const { culprit, ...seen } = blame(stacks);
  // What main was in when it lost its core did not block it.
  const blamed =
    kind === 'not-scheduled' ? { ...seen, culpritSamples: 0 } : { ...seen, ...(culprit && { culprit }) };
  return {
    id: state.id,
    startedAtMs: Math.round(state.startedAtMs),
    durationMs: Math.round(durationMs),
    ongoing: state.endedAt === undefined,
    kind,
    starvedMs: Math.round(starvedMs),
    gcMs: Math.round(state.gcMs),
    ...(state.native !== undefined && { native: state.native }),
    ...blamed,
    evidence,
  };
}

/** The readings reach a little further than the stall, so only their share is taken. */
function starvation({ schedule, endedAt }: StallState): number {
  if (schedule === undefined) return 0;
  const { from, to, isRunnable } = schedule;
  // A main that has beaten again has all its waits counted, where the kernel counts them.
  return starvedShare(from, to, isRunnable && (endedAt === undefined || to.queuedMs === 0));
}

/** Collecting is computing, by main or by its helpers: what the process did not compute was waiting for a core. */
function notComputed({ schedule }: StallState): number {
  if (schedule === undefined) return 0;
  const { from, to } = schedule;
  return Math.max(0, 1 - (to.processCpuMs - from.processCpuMs) / Math.max(1, to.at - from.at));
}

function kindOf(
  state: StallState,
  isCollecting: boolean,
  { durationMs, starvedMs }: { readonly durationMs: number; readonly starvedMs: number },
): BlockKind {
  const ownMs = durationMs - starvedMs;
  const lostMost = starvedMs >= durationMs / 2 && ownMs < OWN_MS;
  if (lostMost || (starvedMs >= (durationMs * 3) / 4 && ownMs < PILED_UP_MS)) return 'not-scheduled';
  if (isCollecting) return 'garbage-collection';
  // It has had its time: single looks at a moment without a core do not make it otherwise.
  const believed =
    state.schedule === undefined ? state.kinds : state.kinds.filter((kind) => kind !== 'not-scheduled');
  const seen = mostFrequent(believed);
  return seen ?? (state.live.length + state.late.length > 0 ? 'javascript' : 'unknown');
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
