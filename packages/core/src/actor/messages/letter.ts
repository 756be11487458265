// What lies in the mailbox of an actor.
import type { JsonValue } from '../../json.ts';

/** A user message on its way to the handler. */
export interface Letter {
  /** 0 for a tell. */
  readonly askId: number;
  /** Which tell it is, counted from 1; 0 for an ask. */
  readonly tell: number;
  readonly message: JsonValue;
}
