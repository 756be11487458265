// One change at a time, in order of asking; refused after the end.
import { fail } from '../../errors.ts';

export class Turns {
  readonly #id: string;
  readonly #onTurn: () => void;
  #last: Promise<unknown> = Promise.resolve();
  #isOver = false;

  /** @param onTurn called after each change. */
  constructor(id: string, onTurn: () => void) {
    this.#id = id;
    this.#onTurn = onTurn;
  }

  /** From now on nothing is begun any more; the change that is under way goes on. */
  close(): void {
    this.#isOver = true;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** @throws NodelensError `host_closed` after the end. */
  take<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      if (this.#isOver) throw fail('host_closed', { id: this.#id });
      try {
        return await change();
      } finally {
        this.#onTurn();
      }
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** For a change that nobody asked for: queued before the end, it has nothing left to do after it. */
  takeIfOpen(change: () => Promise<void>): void {
    this.take(change).catch((error: unknown) => {
      if ((error as { code?: unknown }).code !== 'host_closed') throw error;
    });
  }
}
