// Runs one actor at the end of a line: the same code on every host. It starts the actor, lets its messages come to it,
// and ends exactly once with a reason. Whether a thread dies with it is the host's business.
import type { JsonValue } from '../json.ts';
import type { Actor, ActorContext } from './actor.ts';
import { type LoadedModules, startActor } from './actor-module.ts';
import type { Clock } from './clock.ts';
import { type ExitReason, failedWith, isClean } from './exit.ts';
import type { ServicePorts } from './hosts/services.ts';
import type { Line } from './messages/line.ts';
import { type ActorInbound, SIGNAL } from './messages/message.ts';
import { Pump } from './messages/pump.ts';
import type { ChildSpec } from './supervision/child-spec.ts';

export interface CellOptions {
  readonly spec: ChildSpec;
  /** The owner's end belongs to an ActorRef. When the owner is gone (the line closes), the actor stops. */
  readonly line: Line;
  readonly ports: ServicePorts;
  /** Closes them. Default: each of them is closed. */
  readonly closePorts?: () => void;
  /** Its module need not be loaded when it is one of these. */
  readonly modules?: LoadedModules;
  readonly clock: Clock;
  /** Shared words in which it shows how many messages wait. */
  readonly heart?: Int32Array;
}

export class Cell {
  /** Resolves (never rejects) after the last message has been sent and the ports are closed. */
  readonly ended: Promise<ExitReason>;
  readonly #options: CellOptions;
  readonly #pump: Pump;
  readonly #stopping = new AbortController();
  readonly #settle: (reason: ExitReason) => void;
  #exit: ExitReason | undefined;
  #isFinished = false;

  constructor(options: CellOptions) {
    const { promise, resolve } = Promise.withResolvers<ExitReason>();
    const { spec, line, heart } = options;
    this.ended = promise;
    this.#settle = resolve;
    this.#options = options;
    this.#pump = new Pump({
      spec,
      line,
      heart,
      onFatal: (error) => this.#requestEnd(failedWith(error)),
    });
    line.listen({
      receive: (tag, body) => this.#receive(tag, body),
      settle: () => this.#pump.work(),
      closed: () => this.#requestEnd({ kind: 'shutdown', detail: 'its owner is gone' }),
    });
    void this.#live();
  }

  /** Ends it at once, whatever it is doing; for a host that cannot end a thread. */
  kill(reason: ExitReason): void {
    this.#requestEnd(reason);
    this.#finish(reason);
  }

  async #live(): Promise<void> {
    const { spec, modules } = this.#options;
    let actor: Actor | undefined;
    try {
      actor = await startActor({ spec, context: this.#context(), modules, exit: () => this.#exit });
      if (actor !== undefined) {
        this.#pump.outgoing.signal({ type: 'ready' });
        this.#pump.begin(actor);
        await this.#pump.halted;
      }
    } catch (error) {
      this.#requestEnd(failedWith(error));
    }
    await this.#end(actor);
  }

  #context(): ActorContext {
    const { spec, clock, ports } = this.#options;
    return {
      id: spec.id,
      clock,
      ports,
      signal: this.#stopping.signal,
      emit: (event) => this.#pump.outgoing.event(event),
      exit: (reason) => this.#requestEnd(reason),
    };
  }

  #receive(tag: number, body: unknown): void {
    if (tag === SIGNAL) this.#obey(body as ActorInbound | null | undefined);
    else this.#pump.offer(tag, body as JsonValue);
  }

  #obey(signal: ActorInbound | null | undefined): void {
    switch (signal?.type) {
      case 'stop':
        this.#requestEnd({ kind: 'shutdown', detail: signal.reason });
        break;
      case 'ping':
        this.#pump.ping(signal);
        break;
      case 'ask-cancelled':
        this.#pump.cancel(signal.askId);
        break;
      case 'tally':
        this.#pump.tally = signal.words;
        break;
      default:
        signal satisfies null | undefined;
    }
  }

  /** The first reason counts. */
  #requestEnd(reason: ExitReason): void {
    if (this.#exit !== undefined) return;
    this.#exit = reason;
    this.#pump.halt();
    this.#stopping.abort();
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
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#pump.bury();
    this.#pump.outgoing.close(reason);
    const { ports, closePorts = () => closeAll(ports) } = this.#options;
    closePorts();
    this.#settle(reason);
  }
}

function closeAll(ports: ServicePorts): void {
  for (const port of Object.values(ports)) port.close();
}
