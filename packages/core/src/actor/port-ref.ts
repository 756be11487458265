// The owner's end of an actor's port. Every question is settled exactly once: by its answer, its deadline, its
// caller's abort or the actor's end, which is told by the actor itself or, when it could not, by its host.
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { fail, fromWire } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import type { Clock } from './clock.ts';
import { describeExit, type ExitReason } from './exit.ts';
import { keepAlive } from './keep-alive.ts';
import type { ActorInbound, ActorOutbound, DeadLetterCause } from './message.ts';
import type { ActorRef, AskOptions } from './ref.ts';

/** A `tell` that reached nobody. */
export interface DeadLetter {
  readonly actor: string;
  readonly message: JsonValue;
  readonly why: DeadLetterCause;
}

export interface PortRefOptions {
  readonly id: string;
  readonly port: MessagePort;
  readonly clock: Clock;
  readonly onDeadLetter: ((letter: DeadLetter) => void) | undefined;
}

interface Pending {
  readonly resolve: (value: JsonValue) => void;
  readonly reject: (error: Error) => void;
}

/** Events kept for the first listener; the oldest go first. */
const MAX_EARLY_EVENTS = 1_000;

export class PortRef implements ActorRef {
  readonly id: string;
  readonly exited: Promise<ExitReason>;
  /** Resolves with undefined when it is ready, or with the reason when it ended before. */
  readonly started: Promise<ExitReason | undefined>;
  readonly #options: PortRefOptions;
  readonly #asks = new Map<number, Pending>();
  readonly #listeners = new Set<(event: JsonValue) => void>();
  readonly #markStarted: (early: ExitReason | undefined) => void;
  readonly #markExited: (reason: ExitReason) => void;
  #earlyEvents: JsonValue[] | undefined = [];
  #exit: ExitReason | undefined;
  #isPortOpen = true;
  #nextAskId = 1;

  constructor(options: PortRefOptions) {
    const exited = Promise.withResolvers<ExitReason>();
    const started = Promise.withResolvers<ExitReason | undefined>();
    this.id = options.id;
    this.exited = exited.promise;
    this.started = started.promise;
    this.#markExited = exited.resolve;
    this.#markStarted = started.resolve;
    this.#options = options;
    options.port.on('message', (message: ActorOutbound) => this.#receive(message));
    // Not the end yet: the reason is known to the host, which calls `finish`.
    options.port.on('close', () => {
      this.#isPortOpen = false;
    });
    options.port.unref();
  }

  tell(message: JsonValue): void {
    if (this.#exit !== undefined || !this.#isPortOpen) this.#bury(message, 'stopped');
    else this.#post({ type: 'tell', message });
  }

  ask(message: JsonValue, options: AskOptions): Promise<JsonValue> {
    const { timeoutMs, signal } = options;
    if (this.#exit !== undefined) return Promise.reject(this.#exitedError(this.#exit));
    if (signal?.aborted) return Promise.reject(this.#abortedError(signal));
    const askId = this.#nextAskId++;
    const { promise, resolve, reject } = Promise.withResolvers<JsonValue>();
    const giveUp = (error: Error): void => {
      this.#post({ type: 'ask-cancelled', askId });
      reject(error);
    };
    const onAbort = (): void => giveUp(this.#abortedError(signal));
    this.#post({ type: 'ask', askId, message });
    this.#asks.set(askId, { resolve, reject });
    const release = keepAlive();
    const undoTimer = this.#options.clock.after(timeoutMs, () =>
      giveUp(fail('ask_timeout', { id: this.id, timeoutMs })),
    );
    signal?.addEventListener('abort', onAbort, { once: true });
    return promise.finally(() => {
      this.#asks.delete(askId);
      release();
      undoTimer();
      signal?.removeEventListener('abort', onAbort);
    });
  }

  onEvent(listener: (event: JsonValue) => void): () => void {
    this.#listeners.add(listener);
    const early = this.#earlyEvents ?? [];
    this.#earlyEvents = undefined;
    for (const event of early) listener(event);
    return () => this.#listeners.delete(listener);
  }

  /** Asks the actor to stop; the answer is its end. */
  requestStop(reason: JsonValue): void {
    this.#post({ type: 'stop', reason });
  }

  /** The host's notice that it is gone. What it managed to post before, its own reason included, counts first. */
  finish(reason: ExitReason): void {
    while (this.#exit === undefined) {
      const last = receiveMessageOnPort(this.#options.port);
      if (last === undefined) break;
      this.#receive(last.message as ActorOutbound);
    }
    this.#close(reason);
  }

  #receive(message: ActorOutbound): void {
    switch (message.type) {
      case 'ready':
        this.#markStarted(undefined);
        break;
      case 'reply':
        this.#asks.get(message.askId)?.resolve(message.value);
        break;
      case 'reply-failed':
        this.#asks.get(message.askId)?.reject(fromWire(message.error));
        break;
      case 'event':
        this.#publish(message.event);
        break;
      case 'dead-letter':
        this.#bury(message.message, message.why);
        break;
      case 'exited':
        this.#close(message.reason);
        break;
      case 'pong':
        break;
      default:
        message satisfies never;
    }
  }

  #publish(event: JsonValue): void {
    if (this.#earlyEvents === undefined) {
      for (const listener of [...this.#listeners]) listener(event);
      return;
    }
    this.#earlyEvents.push(event);
    if (this.#earlyEvents.length > MAX_EARLY_EVENTS) this.#earlyEvents.shift();
  }

  #close(reason: ExitReason): void {
    if (this.#exit !== undefined) return;
    this.#exit = reason;
    for (const pending of [...this.#asks.values()]) pending.reject(this.#exitedError(reason));
    this.#options.port.close();
    this.#markStarted(reason);
    this.#markExited(reason);
  }

  #bury(message: JsonValue, why: DeadLetter['why']): void {
    this.#options.onDeadLetter?.({ actor: this.id, message, why });
  }

  #exitedError(reason: ExitReason): Error {
    return fail('actor_exited', { id: this.id, reason: describeExit(reason) });
  }

  #abortedError(signal: AbortSignal | undefined): Error {
    return fail('ask_aborted', { id: this.id }, { cause: signal?.reason });
  }

  #post(message: ActorInbound): void {
    this.#options.port.postMessage(message);
  }
}
