// The owner's end of an actor's line. Every question is settled exactly once: by its answer, its deadline, its
// caller's abort or the actor's end, which is told by the actor itself or, when it could not, by its host.
import { fail, fromWire, reasonOf } from '../../errors.ts';
import type { JsonValue } from '../../json.ts';
import type { Clock } from '../clock.ts';
import { describeExit, type ExitReason } from '../exit.ts';
import type { Line } from './line.ts';
import { type ActorInbound, type ActorOutbound, type DeadLetterCause, ONE_WAY, SIGNAL } from './message.ts';
import { PendingAsks } from './pending-asks.ts';
import type { ActorRef, AskOptions } from './ref.ts';
import { Ring } from './ring.ts';
import { SentTells } from './tally.ts';

/** A `tell` that reached nobody, or a message that its actor died of. */
export interface DeadLetter {
  readonly actor: string;
  readonly message: JsonValue;
  readonly why: DeadLetterCause;
}

export interface PortRefOptions {
  readonly id: string;
  readonly line: Line;
  readonly clock: Clock;
  readonly onDeadLetter: ((letter: DeadLetter) => void) | undefined;
}

/** Events kept for the first listener; the oldest go first. */
const MAX_EARLY_EVENTS = 1_000;

export class PortRef implements ActorRef {
  readonly id: string;
  readonly exited: Promise<ExitReason>;
  /** Resolves with undefined when it is ready, or with the reason when it ended before. */
  readonly started: Promise<ExitReason | undefined>;
  readonly #line: Line;
  readonly #onDeadLetter: PortRefOptions['onDeadLetter'];
  readonly #asks: PendingAsks;
  readonly #listeners = new Set<(event: JsonValue) => void>();
  readonly #markStarted: (early: ExitReason | undefined) => void;
  readonly #markExited: (reason: ExitReason) => void;
  #sent: SentTells | undefined;
  #earlyEvents: Ring<JsonValue> | undefined = new Ring();
  #exit: ExitReason | undefined;
  #nextAskId = 1;

  constructor({ id, line, clock, onDeadLetter }: PortRefOptions) {
    const exited = Promise.withResolvers<ExitReason>();
    const started = Promise.withResolvers<ExitReason | undefined>();
    this.id = id;
    this.exited = exited.promise;
    this.started = started.promise;
    this.#markExited = exited.resolve;
    this.#markStarted = started.resolve;
    this.#line = line;
    this.#onDeadLetter = onDeadLetter;
    this.#asks = new PendingAsks(clock, {
      timeout: (askId, timeoutMs) => this.#giveUp(askId, fail('ask_timeout', { id, timeoutMs })),
      abort: (askId, signal) => this.#giveUp(askId, this.#abortedError(signal)),
    });
    line.listen({
      receive: (tag, body) => this.#receive(tag, body),
      settle() {},
      // Not the end yet: the reason is known to the host, which calls `finish`.
      closed() {},
    });
  }

  tell(message: JsonValue): void {
    if (this.#exit !== undefined || !this.#line.isOpen) this.#bury(message, 'stopped');
    else if (this.#line.crossesThreads && this.#onDeadLetter !== undefined) this.#tellAcross(message);
    else this.#send(ONE_WAY, message);
  }

  ask(message: JsonValue, options: AskOptions): Promise<JsonValue> {
    const { signal } = options;
    if (this.#exit !== undefined) return Promise.reject(this.#exitedError(this.#exit));
    if (signal?.aborted) return Promise.reject(this.#abortedError(signal));
    const askId = this.#nextAskId++;
    try {
      this.#send(askId, message);
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#asks.wait(askId, options);
  }

  onEvent(listener: (event: JsonValue) => void): () => void {
    this.#listeners.add(listener);
    const early = this.#earlyEvents?.drain() ?? [];
    this.#earlyEvents = undefined;
    for (const event of early) listener(event);
    return () => this.#listeners.delete(listener);
  }

  /** Asks the actor to stop; the answer is its end. It overtakes nothing that was sent in an earlier turn. */
  requestStop(reason: JsonValue): void {
    if (this.#exit !== undefined) return;
    this.#line.flush();
    this.#signal({ type: 'stop', reason });
    this.#line.flush();
  }

  /** The host's notice that it is gone. What it managed to send before, its own reason included, counts first. */
  finish(reason: ExitReason): void {
    if (this.#exit === undefined) this.#line.drain();
    this.#close(reason);
  }

  /** Keeps what it sends until it is known to be taken, for the case that the other thread dies without a word. */
  #tellAcross(message: JsonValue): void {
    const isFirst = this.#sent === undefined;
    this.#sent ??= new SentTells();
    if (isFirst) this.#signal({ type: 'tally', words: this.#sent.words });
    if (!this.#sent.hasRoom) {
      this.#bury(message, 'mailbox_full');
      return;
    }
    this.#send(ONE_WAY, message);
    this.#sent.add(message);
    // What is sent first in a turn leaves at once; the signal before it must not change that.
    if (isFirst) this.#line.flush();
  }

  #receive(tag: number, body: unknown): void {
    if (this.#exit !== undefined) return;
    if (tag === SIGNAL) this.#hear(body as ActorOutbound | null | undefined);
    else if (tag === ONE_WAY) this.#publish(body as JsonValue);
    else this.#asks.resolve(tag, body as JsonValue);
  }

  #hear(signal: ActorOutbound | null | undefined): void {
    switch (signal?.type) {
      case 'ready':
        this.#markStarted(undefined);
        break;
      case 'reply-failed':
        this.#asks.reject(signal.askId, fromWire(signal.error));
        break;
      case 'dead-letter':
        this.#sent?.settle(signal.tell);
        this.#bury(signal.message, signal.why);
        break;
      case 'exited':
        this.#close(signal.reason);
        break;
      case 'pong':
        break;
      default:
        signal satisfies null | undefined;
    }
  }

  #publish(event: JsonValue): void {
    if (this.#earlyEvents === undefined) {
      for (const listener of [...this.#listeners]) listener(event);
      return;
    }
    this.#earlyEvents.push(event);
    if (this.#earlyEvents.size > MAX_EARLY_EVENTS) this.#earlyEvents.shift();
  }

  #close(reason: ExitReason): void {
    if (this.#exit !== undefined) return;
    this.#exit = reason;
    this.#line.close();
    this.#asks.close(() => this.#exitedError(reason));
    this.#markStarted(reason);
    this.#markExited(reason);
    for (const { message, why } of this.#sent?.close(reason) ?? []) this.#bury(message, why);
  }

  #bury(message: JsonValue, why: DeadLetterCause): void {
    this.#onDeadLetter?.({ actor: this.id, message, why });
  }

  #giveUp(askId: number, error: Error): Error {
    this.#signal({ type: 'ask-cancelled', askId });
    return error;
  }

  #exitedError(reason: ExitReason): Error {
    return fail('actor_exited', { id: this.id, reason: describeExit(reason) });
  }

  #abortedError(signal: AbortSignal | undefined): Error {
    return fail('ask_aborted', { id: this.id }, { cause: signal?.reason });
  }

  #signal(signal: ActorInbound): void {
    this.#line.send(SIGNAL, signal);
  }

  /** @throws NodelensError `message_invalid` */
  #send(tag: number, message: JsonValue): void {
    try {
      this.#line.send(tag, message);
    } catch (error) {
      throw fail('message_invalid', { id: this.id, reason: reasonOf(error) }, { cause: error });
    }
  }
}
