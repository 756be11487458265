// What is known of a stall, as it is gathered.
import type { Id } from '../../ids.ts';
import type { BlockKind, CodeLocation, Stall } from '../context.ts';
import type { CountedStack } from '../instruments/stack.ts';
import type { TaskUse } from '../kernel/proc.ts';

export interface Schedule {
  readonly from: TaskUse;
  readonly to: TaskUse;
  /** It has been seen runnable only. */
  readonly isRunnable: boolean;
}

export interface StallState {
  readonly id: Id;
  /** Monotonic ms of the last beat before it. */
  readonly beatAt: number;
  /** The same for a main that beats fast: one that beats slowly may have turned its loop since. */
  readonly startedAt: number;
  readonly startedAtMs: number;
  /** Monotonic ms of the first beat after it. */
  readonly endedAt?: number;
  /** One per capture, oldest first. */
  readonly kinds: readonly BlockKind[];
  readonly native?: NonNullable<Stall['native']>;
  /** Main as the kernel saw it, from about its beginning until now. */
  readonly schedule?: Schedule;
  /** Part of it that went to garbage collection, in ms. */
  readonly gcMs: number;
  /** For how long main did not answer, in ms. */
  readonly silentMs: number;
  /** Stacks served while main was in JavaScript, oldest first. */
  readonly live: readonly (readonly CodeLocation[])[];
  /** Stacks served only after a native call had returned: they may show what came after it. */
  readonly late: readonly (readonly CodeLocation[])[];
  /** Cut from the armed profile after the end. */
  readonly profile: readonly CountedStack[];
}
