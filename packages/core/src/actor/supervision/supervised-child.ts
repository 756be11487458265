// What a supervisor remembers of one child, and how it tells it.
import type { Life } from './life.ts';
import type { ChildInfo, ChildStatus, SupervisorOptions } from './supervisor-options.ts';
import { type AnyChildSpec, isSupervisorSpec } from './supervisor-spec.ts';
import type { TreeNode } from './tree.ts';

/** Children that come back together. */
export type Batch = readonly Child[];

export interface Child {
  spec: AnyChildSpec;
  status: ChildStatus;
  life: Life | undefined;
  /** While `restarting`: with whom it comes back. */
  batch: Batch | undefined;
  startedAtMs: number;
  /** Restarts since it last lived for a whole window. */
  attempt: number;
  restarts: number;
  lastExit: ChildInfo['lastExit'];
}

export const newChild = (spec: AnyChildSpec): Child => ({
  spec,
  status: 'stopped',
  life: undefined,
  batch: undefined,
  startedAtMs: 0,
  attempt: 0,
  restarts: 0,
  lastExit: undefined,
});

export const childInfo = ({ spec, status, startedAtMs, restarts, lastExit }: Child): ChildInfo => ({
  id: spec.id,
  kind: isSupervisorSpec(spec) ? 'supervisor' : 'actor',
  status,
  restart: spec.restart,
  restarts,
  ...(status === 'running' && { startedAtMs }),
  ...(lastExit && { lastExit }),
});

const childNode = (child: Child): TreeNode => ({
  ...(isSupervisorSpec(child.spec)
    ? { strategy: child.spec.strategy ?? 'one_for_one', children: [] }
    : { placement: child.spec.placement }),
  ...child.life?.supervisor?.tree(),
  ...childInfo(child),
});

/** @param startedAtMs undefined when it has ended. */
export const supervisorNode = (
  { id, strategy = 'one_for_one' }: SupervisorOptions,
  children: readonly Child[],
  startedAtMs: number | undefined,
): TreeNode => ({
  id,
  kind: 'supervisor',
  status: startedAtMs === undefined ? 'stopped' : 'running',
  strategy,
  ...(startedAtMs !== undefined && { startedAtMs }),
  children: children.map(childNode),
});
