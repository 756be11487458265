// A check of a skill that fired.
import type { Finding } from './skill.ts';

/** A finding of a check on a snapshot, with the script that would gather the evidence. */
export interface CheckFinding {
  readonly checkId: string;
  readonly finding: Finding;
  readonly investigate: string;
  /** See `Check.followUp`. */
  readonly followUp?: string;
}
