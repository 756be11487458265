// What waits for an actor: a control lane that overtakes, and a user lane; both bounded. It knows nothing of actors and
// never drops silently: what has to go by its policy is handed back to its owner.
import type { OverflowPolicy } from '../supervision/child-spec.ts';
import { Ring } from './ring.ts';

/** Control messages that may wait. They are few; the bound is for whoever goes wild. */
const MAX_CONTROL = 1_000;

export class Mailbox<Control, User> {
  readonly capacity: number;
  readonly #overflow: OverflowPolicy;
  readonly #control = new Ring<Control>();
  readonly #user = new Ring<User>();

  /** @param capacity user messages that may wait, at least 1; control messages are not counted. */
  constructor(capacity: number, overflow: OverflowPolicy = 'reject') {
    this.capacity = capacity;
    this.#overflow = overflow;
  }

  get size(): number {
    return this.#control.size + this.#user.size;
  }

  /** False when so many wait already that something is wrong; the message was not taken then. */
  offerControl(message: Control): boolean {
    if (this.#control.size >= MAX_CONTROL) return false;
    this.#control.push(message);
    return true;
  }

  /** Returns the user message that had to go because the lane is full: this one or one that waited. */
  offer(message: User): User | undefined {
    if (this.#user.size < this.capacity) {
      this.#user.push(message);
      return undefined;
    }
    if (this.#overflow === 'reject') return message;
    const dropped = this.#overflow === 'drop-oldest' ? this.#user.shift() : this.#user.pop();
    this.#user.push(message);
    return dropped;
  }

  /** The next message, control lane first; undefined when both are empty. */
  take(): Control | User | undefined {
    return this.#control.size > 0 ? this.#control.shift() : this.#user.shift();
  }

  /** Takes the first user message that matches out of the lane. */
  remove(matches: (message: User) => boolean): User | undefined {
    return this.#user.remove(matches);
  }

  /** Empties the user lane and returns what waited in it. */
  drain(): User[] {
    return this.#user.drain();
  }
}
