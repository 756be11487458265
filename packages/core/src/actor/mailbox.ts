// What waits for an actor: a control lane that overtakes, and a bounded user lane. It knows nothing of actors, never
// drops silently (a full lane says so) and never calls anybody: its owner takes.

export class Mailbox<Control, User> {
  readonly capacity: number;
  readonly #control: Control[] = [];
  readonly #user: User[] = [];
  #wake: (() => void) | undefined;

  /** @param capacity user messages that may wait; control messages are few and not counted. */
  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get size(): number {
    return this.#control.length + this.#user.length;
  }

  offerControl(message: Control): void {
    this.#control.push(message);
    this.wake();
  }

  /** False when the user lane is full; the message was not taken then. */
  offer(message: User): boolean {
    if (this.#user.length >= this.capacity) return false;
    this.#user.push(message);
    this.wake();
    return true;
  }

  /** The next message, control lane first; undefined when both are empty. */
  take(): Control | User | undefined {
    return this.#control.shift() ?? this.#user.shift();
  }

  /** Takes the first user message that matches out of the lane. */
  remove(matches: (message: User) => boolean): User | undefined {
    const index = this.#user.findIndex(matches);
    return index < 0 ? undefined : this.#user.splice(index, 1)[0];
  }

  /** Empties the user lane and returns what waited in it. */
  drain(): User[] {
    return this.#user.splice(0);
  }

  /** Resolves at the next offer or {@link wake}; at once when something waits. One waiter at a time. */
  waiting(): Promise<void> {
    if (this.size > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Lets the waiter look again, e.g. because the actor is to end. */
  wake(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
