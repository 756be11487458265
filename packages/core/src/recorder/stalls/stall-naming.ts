// What is known of a stall only after its end: the collections in it, and whom the armed profile saw. Whoever waits for
// the name of a stall waits here.
import type { Stall } from '../context.ts';
import { type Heartbeat, readNumber } from '../heartbeat.ts';
import { collectedMs } from '../history/gc.ts';
import type { Ring } from '../history/ring.ts';
import type { ArmedProfile } from '../instruments/profile.ts';
import { countStacks } from '../instruments/stack.ts';
import { monotonicMs } from '../monotonic.ts';
import { viewStall } from './stall.ts';
import type { StallState } from './stall-state.ts';
import { createStallWaiters } from './stall-waiters.ts';

/** How long the end of a stall waits for two more beats: main has told its collections by then. In ms. */
const SETTLE_MS = 1_000;
/** How often a beat is looked for, in its interval: of a main at rest it comes late enough. */
const CHECKS_PER_BEAT = 2;

export interface StallNaming {
  /** Names a stall that has ended, of which `view` stands in the ring: reading the profile takes 2 ms of main. */
  name(state: StallState, view: Stall): Promise<void>;
  /** Resolves when the stall that goes on and all that are being named have their names; or after `maxWaitMs`, or on abort. */
  ended(currentId: string | undefined, maxWaitMs: number, signal: AbortSignal): Promise<void>;
  /** Nobody waits any longer. */
  stop(): void;
}

export interface StallNamingOptions {
  readonly heartbeat: Heartbeat;
  readonly profile: ArmedProfile | undefined;
  readonly stalls: Ring<Stall>;
}

export function createStallNaming({ heartbeat, profile, stalls }: StallNamingOptions): StallNaming {
  const waiters = createStallWaiters();
  /** Ids of stalls that have ended and are being named. */
  const open = new Set<string>();
  const beatAt = (): number => readNumber(heartbeat, 'beatAt');
  const beatAfter = async (at: number): Promise<number> => {
    const until = monotonicMs() + SETTLE_MS;
    while (beatAt() <= at && monotonicMs() < until)
      await delay(readNumber(heartbeat, 'beatEvery') / CHECKS_PER_BEAT);
    return beatAt();
  };
  return {
    async name(state, view) {
      open.add(state.id);
      const { beatAt: from, startedAt, endedAt = monotonicMs() } = state;
      await beatAfter(await beatAfter(endedAt));
      const collected = { ...state, gcMs: collectedMs(heartbeat, startedAt, endedAt) };
      const isNobodys = view.kind === 'not-scheduled';
      const stacks = isNobodys || profile === undefined ? [] : await profile.stacks(from, endedAt);
      stalls.replace(view, viewStall({ ...collected, profile: countStacks(stacks) }, endedAt));
      open.delete(state.id);
      waiters.release(state.id);
    },
    ended: (currentId, maxWaitMs, signal) =>
      waiters.wait(new Set(currentId === undefined ? open : [...open, currentId]), maxWaitMs, signal),
    stop: waiters.releaseAll,
  };
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
