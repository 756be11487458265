// Names of running actors. A name is free again as soon as its actor has ended.
import { fail } from '../../errors.ts';
import type { ActorRef } from '../messages/ref.ts';

export class Registry {
  readonly #refs = new Map<string, ActorRef>();

  /**
   * Returns the undo.
   * @throws NodelensError `actor_already_started` when a running actor has the name.
   */
  register(name: string, ref: ActorRef): () => void {
    if (this.#refs.has(name)) throw fail('actor_already_started', { id: name });
    this.#refs.set(name, ref);
    const undo = (): void => {
      if (this.#refs.get(name) === ref) this.#refs.delete(name);
    };
    void ref.exited.then(undo);
    return undo;
  }

  find(name: string): ActorRef | undefined {
    return this.#refs.get(name);
  }

  /** @throws NodelensError `actor_not_found`. */
  get(name: string): ActorRef {
    const ref = this.#refs.get(name);
    if (ref === undefined) throw fail('actor_not_found', { id: name });
    return ref;
  }

  /** In order of registration. */
  names(): string[] {
    return [...this.#refs.keys()];
  }
}
