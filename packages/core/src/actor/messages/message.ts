// The wire protocol of actors: all that travels on an actor's line. Read it and the rest is mechanism.
// What travels is a pair: a tag and a body. On a port, pairs go as packets, flat arrays `[tag, body, tag, body …]`.
import type { WireError } from '../../errors.ts';
import type { JsonValue } from '../../json.ts';
import type { ExitReason } from '../exit.ts';

/**
 * Tag of a message that wants no answer: a tell to the actor, an event from it. A tag above it is the id of an ask:
 * to the actor its message, from the actor its answer.
 */
export const ONE_WAY = 0;
/** Tag of everything else; the body is an ActorInbound or an ActorOutbound. */
export const SIGNAL = -1;

/**
 * To an actor, beside tells and asks. `stop` and `ask-cancelled` count as soon as they arrive; `ping` waits in the
 * control lane, which overtakes the user lane (tells, asks).
 */
export type ActorInbound =
  | { readonly type: 'ask-cancelled'; readonly askId: number }
  | { readonly type: 'ping'; readonly pingId: number }
  | { readonly type: 'stop'; readonly reason: JsonValue }
  /** Where the actor is to count its tells (tally.ts); comes before the first tell. */
  | { readonly type: 'tally'; readonly words: Int32Array };

/** Why a `tell` reached nobody. */
export type DeadLetterCause =
  /** It did not fit into the mailbox, or made room for another. */
  | 'mailbox_full'
  /** The actor had ended, or ended before it came to it. */
  | 'stopped'
  /** The actor died of it; it is not delivered again. */
  | 'poison';

/** From an actor, beside events and answers. */
export type ActorOutbound =
  | { readonly type: 'ready' }
  | { readonly type: 'reply-failed'; readonly askId: number; readonly error: WireError }
  | { readonly type: 'pong'; readonly pingId: number }
  | {
      readonly type: 'dead-letter';
      readonly message: JsonValue;
      readonly why: DeadLetterCause;
      /** Which tell it was, counted from 1; 0 for an ask. */
      readonly tell: number;
    }
  | { readonly type: 'exited'; readonly reason: ExitReason };
