// An actor's line within one thread: no port, no serialisation, but a copy of every body, so that nothing passes here
// that a thread would refuse. To the actor it goes straight into the mailbox, which is the only bound that is needed;
// what the actor says reaches its owner after the current turn, never inside of it.
import { copyMessage } from './copy-message.ts';
import type { Line, LineReceiver } from './line.ts';
import { type ActorInbound, SIGNAL } from './message.ts';

/** The two ends of a new line. */
export function createLocalLine(): { readonly owner: Line; readonly actor: Line } {
  const owner = new OwnerEnd();
  const actor = new ActorEnd(owner);
  owner.actor = actor;
  return { owner, actor };
}

abstract class LocalEnd implements Line {
  readonly crossesThreads = false;
  isOpen = true;
  protected receiver: LineReceiver | undefined;

  listen(receiver: LineReceiver): void {
    this.receiver = receiver;
  }

  abstract send(tag: number, body: unknown): void;
  abstract close(): void;
  flush(): void {}
  drain(): void {}
  pause(): void {}
  resume(): void {}
}

class OwnerEnd extends LocalEnd {
  actor: ActorEnd | undefined;
  #said: unknown[] = [];
  readonly #deliver = (): void => this.drain();

  send(tag: number, body: unknown): void {
    const copy = copyMessage(body);
    // What was told before it gets its chance to be handled, as over a port.
    if (tag === SIGNAL && (copy as ActorInbound).type === 'stop')
      setImmediate(() => this.actor?.accept(tag, copy));
    else this.actor?.accept(tag, copy);
  }

  close(): void {
    this.isOpen = false;
    const { actor } = this;
    queueMicrotask(() => actor?.leave());
  }

  /** From the actor. */
  hear(tag: number, body: unknown): void {
    if (this.#said.length === 0) queueMicrotask(this.#deliver);
    this.#said.push(tag, body);
  }

  override drain(): void {
    const said = this.#said;
    this.#said = [];
    let at = 0;
    try {
      for (; at < said.length; at += 2) this.receiver?.receive(said[at] as number, said[at + 1]);
    } finally {
      // A listener threw: the rest is not lost.
      if (at < said.length) this.#putBack(said.slice(at + 2));
    }
  }

  #putBack(rest: unknown[]): void {
    this.#said = [...rest, ...this.#said];
    if (this.#said.length > 0) queueMicrotask(this.#deliver);
  }
}

class ActorEnd extends LocalEnd {
  readonly #owner: OwnerEnd;
  #isSettling = false;
  readonly #settle = (): void => {
    this.#isSettling = false;
    this.receiver?.settle();
  };

  constructor(owner: OwnerEnd) {
    super();
    this.#owner = owner;
  }

  /** From the owner. */
  accept(tag: number, body: unknown): void {
    if (!this.isOpen) return;
    this.receiver?.receive(tag, body);
    if (this.#isSettling) return;
    this.#isSettling = true;
    queueMicrotask(this.#settle);
  }

  send(tag: number, body: unknown): void {
    this.#owner.hear(tag, copyMessage(body));
  }

  close(): void {
    this.isOpen = false;
    this.#owner.isOpen = false;
  }

  /** The owner is gone. */
  leave(): void {
    if (this.isOpen) this.receiver?.closed();
  }
}
