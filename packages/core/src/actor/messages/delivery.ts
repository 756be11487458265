// What goes with a message to its handler. Its signal comes into being when it is read: most handlers never do.
import type { Delivery } from '../actor.ts';

export class LazyDelivery implements Delivery {
  readonly kind: 'tell' | 'ask';
  #controller: AbortController | undefined;
  #isCancelled = false;

  constructor(kind: 'tell' | 'ask') {
    this.kind = kind;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#isCancelled) this.#controller.abort();
    }
    return this.#controller.signal;
  }

  /** Whether somebody holds its signal. */
  get isRead(): boolean {
    return this.#controller !== undefined;
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#controller?.abort();
  }
}
