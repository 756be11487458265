// The calls of a function that is not async: when it was entered, left by `return`, or left by an error. Only the
// outermost call of a recursion is timed, so one open call is all there ever is. Runs on main. Pure.

import type { CodePosition } from './protocol.ts';

export interface Thrown {
  readonly name: string;
  readonly at: CodePosition | null;
}

export interface Activations {
  /** @param depth how many calls of it are on the stack, this one too */
  enter(depth: number, at: number): void;
  /** @param depth a function, because a stack is dear: asked only after a recursion was seen */
  leave(depth: () => number, at: number): void;
  throwing(depth: () => number, thrown: Thrown): void;
  /** Calls inside another call of it. */
  readonly recursive: number;
  /** When it ends: an open call that is not on the stack was left by an error. */
  finish(depth: number): number;
}

/** Left without a `return`, and without a `throw` of its own. */
const FROM_DEEPER: Thrown = { name: 'an error from a function that it called', at: null };

export function createActivations(
  onReturn: (durationMs: number) => void,
  onThrow: (thrown: Thrown) => void,
): Activations {
  let openAt: number | undefined;
  let thrown: Thrown | undefined;
  let recursive = 0;
  const isInner = (depth: () => number): boolean => recursive > 0 && depth() > 1;
  const endByError = (): void => {
    if (openAt !== undefined) onThrow(thrown ?? FROM_DEEPER);
    openAt = undefined;
    thrown = undefined;
  };
  return {
    enter(depth, at) {
      if (depth > 1) {
        recursive += 1;
        return;
      }
      endByError();
      openAt = at;
    },
    leave(depth, at) {
      if (openAt === undefined || isInner(depth)) return;
      onReturn(at - openAt);
      openAt = undefined;
      thrown = undefined;
    },
    throwing(depth, what) {
      if (!isInner(depth)) thrown = what;
    },
    get recursive() {
      return recursive;
    },
    finish(depth) {
      if (openAt !== undefined && depth > 0) return 1;
      endByError();
      return 0;
    },
  };
}
