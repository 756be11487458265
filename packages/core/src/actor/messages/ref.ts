// The handle of an actor: the same whether it lives in this thread, in another, or behind the launcher.
import type { JsonValue } from '../../json.ts';
import type { ExitReason } from '../exit.ts';

export interface AskOptions {
  /** Deadline in ms. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface ActorRef {
  readonly id: string;
  /**
   * Delivered at most once, in order of sending, as it is now; one that reaches nobody becomes a dead letter.
   * @throws NodelensError `message_invalid` when a thread could not take it.
   */
  tell(message: JsonValue): void;
  /**
   * In order with the tells; settles exactly once.
   * @throws NodelensError `ask_timeout`, `ask_aborted`, `actor_exited`, `mailbox_full`, `message_invalid` (the message, or
   * the answer), or what the actor threw.
   */
  ask(message: JsonValue, options: AskOptions): Promise<JsonValue>;
  /** Listens to what the actor emits; returns the undo. Events emitted before the first listener are kept. */
  onEvent(listener: (event: JsonValue) => void): () => void;
  /** Resolves (never rejects) when it has ended. */
  readonly exited: Promise<ExitReason>;
}
