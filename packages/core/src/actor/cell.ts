// Runs one actor on a port: the same code on every host. It loads the module, takes messages one at a time, answers
// asks, and ends exactly once with a reason. Whether a thread dies with it is the host's business.
import type { MessagePort } from 'node:worker_threads';
import { fail, isError, toWire } from '../errors.ts';
import type { JsonValue } from '../json.ts';
import type { Actor, ActorContext, ActorModule } from './actor.ts';
import { DEFAULT_START_MS } from './actor-start.ts';
import type { ChildSpec } from './child-spec.ts';
import type { Clock } from './clock.ts';
import { type ExitReason, failedWith, isClean } from './exit.ts';
import { heartWord } from './heartbeat.ts';
import type { Ports } from './host.ts';
import { Mailbox } from './mailbox.ts';
import type { ActorInbound, ActorOutbound, DeadLetterCause } from './message.ts';

type Control = Extract<ActorInbound, { type: 'ping' }>;
type User = Extract<ActorInbound, { type: 'tell' | 'ask' }>;

const DEFAULT_CAPACITY = 1_000;

export interface CellOptions {
  readonly spec: ChildSpec;
  /** The owner's end is an ActorRef. When the owner is gone (the port closes), the actor stops. */
  readonly port: MessagePort;
  readonly ports: Ports;
  readonly clock: Clock;
  /** Shared words in which it shows how many messages wait. */
  readonly heart?: Int32Array;
}

export class Cell {
  /** Resolves (never rejects) after the last message has been posted and the ports are closed. */
  readonly ended: Promise<ExitReason>;
  readonly #options: CellOptions;
  readonly #mailbox: Mailbox<Control, User>;
  readonly #asks = new Map<number, AbortController>();
  readonly #stopping = new AbortController();
  readonly #settle: (reason: ExitReason) => void;
  #exit: ExitReason | undefined;
  #finished = false;

  constructor(options: CellOptions) {
    const { promise, resolve } = Promise.withResolvers<ExitReason>();
    this.ended = promise;
    this.#settle = resolve;
    this.#options = options;
    this.#mailbox = new Mailbox(options.spec.mailboxCapacity ?? DEFAULT_CAPACITY);
    options.port.on('message', (message: ActorInbound) => this.#accept(message));
    options.port.on('close', () => this.#requestEnd({ kind: 'shutdown', detail: 'its owner is gone' }));
    options.port.unref();
    void this.#live();
  }

  /** Ends it at once, whatever it is doing; for a host that cannot end a thread. */
  kill(reason: ExitReason): void {
    this.#requestEnd(reason);
    this.#finish(reason);
  }

  async #live(): Promise<void> {
    let actor: Actor | undefined;
    try {
      actor = await this.#start();
      if (actor !== undefined) {
        this.#post({ type: 'ready' });
        await this.#pump(actor);
      }
    } catch (error) {
      this.#requestEnd(failedWith(error));
    }
    await this.#end(actor);
  }

  /** Undefined when it is to end before it is ready. */
  async #start(): Promise<Actor | undefined> {
    const { spec, clock } = this.#options;
    const startMs = spec.startMs ?? DEFAULT_START_MS;
    const { promise: gaveUp, resolve, reject } = Promise.withResolvers<undefined>();
    this.#stopping.signal.addEventListener('abort', () => resolve(undefined), { once: true });
    const undo = clock.after(startMs, () =>
      reject(fail('actor_start_failed', { id: spec.id, reason: `it was not ready within ${startMs} ms` })),
    );
    const creating = this.#create();
    // An actor that comes into being after its end was decided still gets its `stop`.
    const late = (actor: Actor): void => {
      if (this.#exit !== undefined) void Promise.resolve(actor.stop?.(this.#exit)).catch(() => {});
    };
    try {
      const actor = await Promise.race([creating, gaveUp]);
      if (actor === undefined) creating.then(late, () => {});
      return actor;
    } catch (error) {
      creating.then(late, () => {});
      throw error;
    } finally {
      undo();
    }
  }

  async #create(): Promise<Actor> {
    const { spec, clock, ports } = this.#options;
    const loaded = (await import(spec.module)) as Record<string, unknown>;
    const create = loaded[spec.exportName];
    if (typeof create !== 'function') {
      const reason = `${spec.module} has no function "${spec.exportName}"`;
      throw fail('actor_start_failed', { id: spec.id, reason });
    }
    const context: ActorContext = {
      id: spec.id,
      clock,
      ports,
      signal: this.#stopping.signal,
      emit: (event) => this.#post({ type: 'event', event }),
      exit: (reason) => this.#requestEnd(reason),
    };
    return await (create as ActorModule)(spec.input, context);
  }

  #accept(message: ActorInbound): void {
    switch (message.type) {
      case 'stop':
        this.#requestEnd({ kind: 'shutdown', detail: message.reason });
        break;
      case 'ping':
        this.#mailbox.offerControl(message);
        break;
      case 'ask-cancelled':
        this.#cancel(message.askId);
        break;
      case 'tell':
        if (!this.#mailbox.offer(message)) this.#bury(message.message, 'mailbox_full');
        break;
      case 'ask':
        if (!this.#mailbox.offer(message)) this.#refuse(message.askId);
        break;
      default:
        message satisfies never;
    }
    this.#show();
  }

  /** Also for the time in which its handler blocks the thread. */
  #show(): void {
    const { heart } = this.#options;
    if (heart !== undefined) heart[heartWord.mailbox] = this.#mailbox.size;
  }

  async #pump(actor: Actor): Promise<void> {
    while (this.#exit === undefined) {
      const message = this.#mailbox.take();
      this.#show();
      if (message === undefined) await this.#mailbox.waiting();
      else if (message.type === 'ping') this.#post({ type: 'pong', pingId: message.pingId });
      else if (message.type === 'ask') void this.#answer(actor, message.askId, message.message);
      else await actor.receive(message.message, { kind: 'tell', signal: new AbortController().signal });
    }
  }

  async #answer(actor: Actor, askId: number, message: JsonValue): Promise<void> {
    const controller = new AbortController();
    this.#asks.set(askId, controller);
    try {
      const value = await actor.receive(message, { kind: 'ask', signal: controller.signal });
      this.#post({ type: 'reply', askId, value: value ?? null });
    } catch (error) {
      this.#post({ type: 'reply-failed', askId, error: toWire(error) });
      if (!isError(error)) this.#requestEnd(failedWith(error));
    } finally {
      this.#asks.delete(askId);
    }
  }

  #cancel(askId: number): void {
    this.#mailbox.remove((waiting) => waiting.type === 'ask' && waiting.askId === askId);
    this.#asks.get(askId)?.abort();
  }

  #refuse(askId: number): void {
    const error = fail('mailbox_full', { id: this.#options.spec.id, capacity: this.#mailbox.capacity });
    this.#post({ type: 'reply-failed', askId, error: toWire(error) });
  }

  #bury(message: JsonValue, why: DeadLetterCause): void {
    this.#post({ type: 'dead-letter', message, why });
  }

  /** The first reason counts. */
  #requestEnd(reason: ExitReason): void {
    if (this.#exit !== undefined) return;
    this.#exit = reason;
    this.#stopping.abort();
    this.#mailbox.wake();
  }

  async #end(actor: Actor | undefined): Promise<void> {
    let reason = this.#exit ?? { kind: 'normal' };
    try {
      await actor?.stop?.(reason);
    } catch (error) {
      if (isClean(reason)) reason = failedWith(error);
    }
    // One turn, so that asks which settled during `stop`, or called `exit` themselves, still get their answer out.
    setImmediate(() => this.#finish(reason));
  }

  #finish(reason: ExitReason): void {
    if (this.#finished) return;
    for (const waiting of this.#mailbox.drain())
      if (waiting.type === 'tell') this.#bury(waiting.message, 'stopped');
    this.#post({ type: 'exited', reason });
    this.#finished = true;
    this.#options.port.close();
    for (const port of Object.values(this.#options.ports)) port.close();
    this.#settle(reason);
  }

  #post(message: ActorOutbound): void {
    if (!this.#finished) this.#options.port.postMessage(message);
  }
}
