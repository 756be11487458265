// What a supervisor remembers of one child.
import type { ChildSpec } from './child-spec.ts';
import type { ActorRef } from './ref.ts';
import type { ChildStatus } from './supervisor-options.ts';

/** Children that come back together. */
export type Batch = readonly Child[];

export interface Child {
  readonly spec: ChildSpec;
  status: ChildStatus;
  ref: ActorRef | undefined;
  /** While `restarting`: with whom it comes back. */
  batch: Batch | undefined;
  startedAtMs: number;
  /** Restarts since it last lived for a whole window. */
  attempt: number;
  restarts: number;
}

export const newChild = (spec: ChildSpec): Child => ({
  spec,
  status: 'stopped',
  ref: undefined,
  batch: undefined,
  startedAtMs: 0,
  attempt: 0,
  restarts: 0,
});
