// What is asked of the continuous operators from other threads.
import type { TreeNode } from '../actor/supervision/tree.ts';
import type { ResidentPlan } from './resident-plan.ts';

/** What main asks for: the surface of the service `residents`. */
export interface ResidentsDesk {
  /** Resolves when all of them rest or work. @throws NodelensError `option_invalid`, `skill_*` */
  readonly ready: () => Promise<void>;
  /**
   * Puts a new version in the place of an operator. One at work goes on until the new one has started.
   * @param isSameSkill false: what was reported of the old skill is told as over, and forgotten.
   * @throws NodelensError `operator_unknown`, `option_invalid`, `actor_start_failed`
   */
  readonly replace: (plan: ResidentPlan, isSameSkill: boolean) => Promise<void>;
  /** Null when no operator is continuous. */
  readonly tree: () => Promise<TreeNode | null>;
}
