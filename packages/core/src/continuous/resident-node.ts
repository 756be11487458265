// A resident in the tree: what its supervisor knows of it while it is awake, and what it is while it rests. A thread that
// was started ahead makes it no less a resident at rest.
import type { TreeNode } from '../actor/supervision/tree.ts';
import type { Resident } from './resident.ts';

/** @param child as its supervisor tells it; undefined when it has never had a thread. */
export function nodeOf(resident: Resident, child: TreeNode | undefined): TreeNode {
  const { phase, woken } = resident.state;
  const atRest = phase === 'resting' || phase === 'waking' ? 'hibernated' : 'stopped';
  const isUp = phase === 'awake' || phase === 'restarting';
  return {
    id: resident.id,
    kind: 'actor',
    placement: 'thread',
    restarts: 0,
    ...child,
    status: isUp ? (child?.status ?? 'stopped') : atRest,
    restart: resident.plan.spec.restart,
    ...(woken && { woken }),
  };
}
