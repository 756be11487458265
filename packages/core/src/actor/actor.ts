// What an actor is: a value made by its module from JSON, that handles one message at a time.
import type { JsonObject, JsonValue } from '../json.ts';
import type { Clock } from './clock.ts';
import type { ExitReason } from './exit.ts';
import type { ServicePorts } from './hosts/services.ts';

export interface ActorContext {
  readonly id: string;
  readonly clock: Clock;
  /**
   * Ports given at the start by name, e.g. to a skill host. The actor owns them and closes them when it ends. A pooled
   * thread opens that of a service when it is read.
   */
  readonly ports: ServicePorts;
  /** Aborted when the actor is asked to stop; long work must end on it. */
  readonly signal: AbortSignal;
  /** One-way news to the owner, in order. @throws NodelensError `message_invalid` when a thread could not take it. */
  emit(event: JsonValue): void;
  /** Ends the actor after the current message. */
  exit(reason: ExitReason): void;
}

export interface Delivery {
  readonly kind: 'tell' | 'ask';
  /** Aborted when the asker has given up (cancelled, or its deadline passed). Never aborted for a `tell`. Made when read. */
  readonly signal: AbortSignal;
}

export interface Actor {
  /**
   * Handles one message. A `tell` is awaited before the next message is taken; an `ask` only until `receive`
   * returns its promise, so a long answer does not block the mailbox. Long work of a `tell` is started, not awaited.
   * What it returns is the answer of an `ask`. What it throws answers an `ask` as an error and ends the actor,
   * unless it is a NodelensError: that one only answers. On a `tell` there is nobody to answer: any throw ends it.
   * A message that ended its actor is a dead letter (`poison`) and is not delivered again.
   */
  receive(message: JsonValue, delivery: Delivery): JsonValue | undefined | Promise<JsonValue | undefined>;
  /**
   * Called once before the end, however it comes (not when the thread is killed). Asks that are settled until it is
   * done still get their answer; the others reject with `actor_exited`.
   */
  stop?(reason: ExitReason): void | Promise<void>;
}

export type ActorModule = (input: JsonObject, context: ActorContext) => Actor | Promise<Actor>;
