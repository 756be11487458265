// The wire protocol of actors: the only messages that travel on an actor's port. Read it and the rest is mechanism.
import type { WireError } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import type { ExitReason } from './exit.ts';

/**
 * To an actor. `stop` and `ask-cancelled` count as soon as they arrive; `ping` waits in the control lane, which
 * overtakes the user lane (`tell`, `ask`).
 */
export type ActorInbound =
  | { readonly type: 'tell'; readonly message: JsonValue }
  | { readonly type: 'ask'; readonly askId: number; readonly message: JsonValue }
  | { readonly type: 'ask-cancelled'; readonly askId: number }
  | { readonly type: 'ping'; readonly pingId: number }
  | { readonly type: 'stop'; readonly reason: JsonValue };

/** Why a `tell` reached nobody. */
export type DeadLetterCause =
  /** It did not fit into the mailbox, or made room for another. */
  | 'mailbox_full'
  /** The actor had ended, or ended before it came to it. */
  | 'stopped'
  /** The actor died of it; it is not delivered again. */
  | 'poison';

/** From an actor. */
export type ActorOutbound =
  | { readonly type: 'ready' }
  | { readonly type: 'reply'; readonly askId: number; readonly value: JsonValue }
  | { readonly type: 'reply-failed'; readonly askId: number; readonly error: WireError }
  | { readonly type: 'pong'; readonly pingId: number }
  | { readonly type: 'event'; readonly event: JsonValue }
  | { readonly type: 'dead-letter'; readonly message: JsonValue; readonly why: DeadLetterCause }
  | { readonly type: 'exited'; readonly reason: ExitReason };
