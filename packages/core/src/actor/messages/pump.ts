// Brings messages to an actor: one at a time, control before user messages, until it is halted. It knows nothing of
// how actors start and end; a message that its actor dies of is told to its owner.
import { isError } from '../../errors.ts';
import type { JsonValue } from '../../json.ts';
import type { Actor } from '../actor.ts';
import { heartWord } from '../limits/heartbeat.ts';
import type { ChildSpec } from '../supervision/child-spec.ts';
import { LazyDelivery } from './delivery.ts';
import type { Letter } from './letter.ts';
import type { Line } from './line.ts';
import { Mailbox } from './mailbox.ts';
import { type ActorInbound, ONE_WAY } from './message.ts';
import { Outgoing } from './outgoing.ts';
import { tallyWord } from './tally.ts';
import { inNextTurn, isTurnOver } from './turn.ts';

const DEFAULT_CAPACITY = 1_000;

type Ping = Extract<ActorInbound, { type: 'ping' }>;

export interface PumpOptions {
  readonly spec: ChildSpec;
  readonly line: Line;
  /** Shared words in which it shows how many messages wait. */
  readonly heart: Int32Array | undefined;
  /** Its handler threw. */
  onFatal(error: unknown): void;
}

export class Pump {
  readonly outgoing: Outgoing;
  /** Where tells are counted. */
  tally: Int32Array | undefined;
  readonly #options: PumpOptions;
  readonly #mailbox: Mailbox<Ping, Letter>;
  /** Asks that are being answered. */
  readonly #asks = new Map<number, LazyDelivery>();
  readonly #halted = Promise.withResolvers<void>();
  #tellDelivery = new LazyDelivery('tell');
  #actor: Actor | undefined;
  #tells = 0;
  /** A tell is being handled. */
  #isBusy = false;
  #isResting = false;
  #isHalted = false;

  constructor(options: PumpOptions) {
    const { spec, line } = options;
    this.#options = options;
    this.#mailbox = new Mailbox(spec.mailboxCapacity ?? DEFAULT_CAPACITY, spec.overflow);
    this.outgoing = new Outgoing(line, spec.id, this.#mailbox.capacity);
  }

  /** Resolves when it is halted and no tell is being handled any more. */
  get halted(): Promise<void> {
    return this.#halted.promise;
  }

  offer(askId: number, message: JsonValue): void {
    if (askId === ONE_WAY) this.#tells = (this.#tells + 1) | 0;
    const dropped = this.#mailbox.offer({ askId, tell: askId === ONE_WAY ? this.#tells : 0, message });
    if (dropped !== undefined) this.outgoing.full(dropped);
  }

  ping(ping: Ping): void {
    this.#mailbox.offerControl(ping);
  }

  cancel(askId: number): void {
    const delivery = this.#asks.get(askId);
    if (delivery !== undefined) delivery.cancel();
    else this.#mailbox.remove((waiting) => waiting.askId === askId);
  }

  begin(actor: Actor): void {
    this.#actor = actor;
    this.work();
  }

  /** Takes no more messages. */
  halt(): void {
    this.#isHalted = true;
    if (!this.#isBusy) this.#halted.resolve();
  }

  /** Tells that waited become dead letters; asks are rejected by their askers. */
  bury(): void {
    for (const waiting of this.#mailbox.drain())
      if (waiting.askId === ONE_WAY) this.outgoing.bury(waiting, 'stopped');
  }

  /** Handles what waits, until a tell is busy or the turn is over. */
  work(): void {
    const actor = this.#actor;
    this.outgoing.flushRefusals();
    while (
      actor !== undefined &&
      !this.#isResting &&
      !this.#isBusy &&
      !this.#isHalted &&
      this.#mailbox.size > 0
    ) {
      const next = isTurnOver() ? this.#rest() : this.#mailbox.take();
      if (next === undefined) break;
      if ('pingId' in next) this.outgoing.signal({ type: 'pong', pingId: next.pingId });
      else if (next.askId === ONE_WAY) this.#handle(actor, next);
      else this.#answer(actor, next);
    }
    this.#show();
  }

  #rest(): undefined {
    const { line } = this.#options;
    this.#isResting = true;
    line.pause();
    inNextTurn(() => {
      this.#isResting = false;
      line.resume();
      this.work();
    });
  }

  #handle(actor: Actor, letter: Letter): void {
    if (this.#tellDelivery.isRead) this.#tellDelivery = new LazyDelivery('tell');
    if (this.tally !== undefined) this.tally[tallyWord.taken] = letter.tell;
    this.#isBusy = true;
    let result: unknown;
    try {
      this.#show();
      result = actor.receive(letter.message, this.#tellDelivery);
    } catch (error) {
      this.#die(letter, error);
      this.#done(letter);
      return;
    }
    if (isThenable(result)) void this.#await(result, letter);
    else this.#done(letter);
  }

  async #await(result: PromiseLike<unknown>, letter: Letter): Promise<void> {
    try {
      await result;
    } catch (error) {
      this.#die(letter, error);
    }
    this.#done(letter);
    this.work();
  }

  #done(letter: Letter): void {
    if (this.tally !== undefined) this.tally[tallyWord.done] = letter.tell;
    this.#isBusy = false;
    if (this.#isHalted) this.#halted.resolve();
  }

  #answer(actor: Actor, letter: Letter): void {
    const delivery = new LazyDelivery('ask');
    let result: unknown;
    try {
      result = actor.receive(letter.message, delivery);
    } catch (error) {
      this.#refuse(letter, error);
      return;
    }
    if (isThenable(result)) void this.#answerLater(result, letter, delivery);
    else this.outgoing.answer(letter.askId, result);
  }

  async #answerLater(result: PromiseLike<unknown>, letter: Letter, delivery: LazyDelivery): Promise<void> {
    this.#asks.set(letter.askId, delivery);
    try {
      this.outgoing.answer(letter.askId, await result);
    } catch (error) {
      this.#refuse(letter, error);
    } finally {
      this.#asks.delete(letter.askId);
    }
  }

  #refuse(letter: Letter, error: unknown): void {
    this.outgoing.refuse(letter.askId, error);
    if (!isError(error)) this.#die(letter, error);
  }

  /** The message is the actor's end, and is not delivered again. */
  #die(letter: Letter, error: unknown): void {
    this.outgoing.bury(letter, 'poison');
    this.#options.onFatal(error);
  }

  /** Also for the time in which a handler blocks the thread. */
  #show(): void {
    const { heart } = this.#options;
    if (heart !== undefined) heart[heartWord.mailbox] = this.#mailbox.size;
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as PromiseLike<unknown>).then === 'function';
