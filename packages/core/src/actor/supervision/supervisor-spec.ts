// What may stand under a supervisor: actors, and supervisors with children of their own. Data, as ChildSpec.
import { freshUrl } from '../../fresh-url.ts';
import type { ChildSpec, RestartType } from './child-spec.ts';
import type { Backoff, Intensity, Strategy } from './restart.ts';

/** A supervisor as a child. It has no shutdown deadline of its own: its end takes as long as those of its children. */
export interface SupervisorSpec extends Partial<Intensity> {
  /** Unique among its siblings. */
  readonly id: string;
  /** What its parent does when it gives up, which counts as a failure. */
  readonly restart: RestartType;
  /** Default `one_for_one`. */
  readonly strategy?: Strategy;
  readonly backoff?: Partial<Backoff>;
  /** Started with it, in order. Those that are added later are forgotten when it is restarted. */
  readonly children: readonly AnyChildSpec[];
}

export type AnyChildSpec = ChildSpec | SupervisorSpec;

export type ChildChanges = Partial<Omit<ChildSpec, 'id'>> | Partial<Omit<SupervisorSpec, 'id'>>;

export const isSupervisorSpec = (spec: AnyChildSpec): spec is SupervisorSpec => 'children' in spec;

/** The spec with its changes; where a module would come from a thread's module cache, it is loaded anew. */
export function newVersion(spec: AnyChildSpec, changes: ChildChanges): AnyChildSpec {
  const changed = { ...spec, ...changes, id: spec.id } as AnyChildSpec;
  if (isSupervisorSpec(changed) || changed.placement === 'thread') return changed;
  return { ...changed, module: freshUrl(changed.module) };
}
