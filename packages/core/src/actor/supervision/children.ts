// The children of one supervisor by id, in start order.
import { fail } from '../../errors.ts';
import { type Child, newChild } from './supervised-child.ts';
import type { ChildCounts } from './supervisor-options.ts';
import { type AnyChildSpec, isSupervisorSpec } from './supervisor-spec.ts';

export class Children {
  readonly #byId = new Map<string, Child>();

  /** @throws NodelensError `actor_already_started` when the id is taken. */
  add(spec: AnyChildSpec): Child {
    if (this.#byId.has(spec.id)) throw fail('actor_already_started', { id: spec.id });
    const child = newChild(spec);
    this.#byId.set(spec.id, child);
    return child;
  }

  /** @throws NodelensError `actor_not_found` */
  get(id: string): Child {
    const child = this.#byId.get(id);
    if (child === undefined) throw fail('actor_not_found', { id });
    return child;
  }

  find(id: string): Child | undefined {
    return this.#byId.get(id);
  }

  all(): Child[] {
    return [...this.#byId.values()];
  }

  ids(): string[] {
    return [...this.#byId.keys()];
  }

  delete(id: string): void {
    this.#byId.delete(id);
  }

  /** Once down, a temporary child is gone for good. */
  forgetIfTemporary({ spec }: Child): void {
    if (spec.restart === 'temporary') this.#byId.delete(spec.id);
  }

  count(): ChildCounts {
    const counts = { specs: this.#byId.size, supervisors: 0, running: 0, restarting: 0, stopped: 0 };
    for (const { spec, status } of this.#byId.values()) {
      counts[status] += 1;
      if (isSupervisorSpec(spec)) counts.supervisors += 1;
    }
    return counts;
  }
}
