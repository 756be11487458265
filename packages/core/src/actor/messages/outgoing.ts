// What an actor says to its owner. What cannot be sent is told where it was said, and never takes anything else along.
import { fail, reasonOf, toWire, type WireError } from '../../errors.ts';
import type { JsonValue } from '../../json.ts';
import { type ExitReason, failedWith } from '../exit.ts';
import type { Letter } from './letter.ts';
import type { Line } from './line.ts';
import { type ActorOutbound, type DeadLetterCause, ONE_WAY, SIGNAL } from './message.ts';

export class Outgoing {
  readonly #line: Line;
  readonly #id: string;
  readonly #capacity: number;
  #mailboxFull: WireError | undefined;
  #hasRefused = false;
  #isClosed = false;

  constructor(line: Line, id: string, capacity: number) {
    this.#line = line;
    this.#id = id;
    this.#capacity = capacity;
  }

  /** @throws NodelensError `message_invalid` */
  event(event: JsonValue): void {
    if (this.#isClosed) return;
    try {
      this.#line.send(ONE_WAY, event);
    } catch (error) {
      throw this.#invalid(error);
    }
  }

  answer(askId: number, value: unknown): void {
    if (this.#isClosed) return;
    try {
      this.#line.send(askId, value ?? null);
    } catch (error) {
      this.refuse(askId, this.#invalid(error));
    }
  }

  refuse(askId: number, error: unknown): void {
    try {
      this.signal({ type: 'reply-failed', askId, error: toWire(error) });
    } catch (unsent) {
      // Its data cannot be sent.
      this.signal({ type: 'reply-failed', askId, error: toWire(this.#invalid(unsent)) });
    }
  }

  /** It had to go because the mailbox is full. */
  full(letter: Letter): void {
    this.#hasRefused = true;
    if (letter.askId === ONE_WAY) {
      this.bury(letter, 'mailbox_full');
      return;
    }
    // Made once: under a flood, the stack of the error would cost more than all the rest.
    this.#mailboxFull ??= toWire(fail('mailbox_full', { id: this.#id, capacity: this.#capacity }));
    this.signal({ type: 'reply-failed', askId: letter.askId, error: this.#mailboxFull });
  }

  bury({ message, tell }: Letter, why: DeadLetterCause): void {
    this.signal({ type: 'dead-letter', message, why, tell });
  }

  /** Refusals leave before the next handler can block the thread. */
  flushRefusals(): void {
    if (!this.#hasRefused) return;
    this.#hasRefused = false;
    this.#line.flush();
  }

  signal(signal: ActorOutbound): void {
    if (!this.#isClosed) this.#line.send(SIGNAL, signal);
  }

  /** The last word. */
  close(reason: ExitReason): void {
    try {
      this.signal({ type: 'exited', reason });
    } catch (unsent) {
      this.signal({ type: 'exited', reason: failedWith(this.#invalid(unsent)) });
    }
    this.#isClosed = true;
    this.#line.close();
  }

  #invalid(error: unknown): Error {
    return fail('message_invalid', { id: this.#id, reason: reasonOf(error) }, { cause: error });
  }
}
