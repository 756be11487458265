// The calls of one client at the desk, from the moment that they ask for a place until it is given back.
import type { Clock } from '../actor/clock.ts';
import { fail, toWire } from '../errors.ts';
import type { BudgetGuard } from './budget-guard.ts';
import type { Bill, CallOutcome, CallRequest } from './model-desk.ts';
import type { ModelGate } from './model-gate.ts';
import type { Place } from './places.ts';

export interface TicketsOptions {
  readonly guard: BudgetGuard;
  readonly clock: Clock;
  readonly gateOf: (model: string) => ModelGate;
  /** Counts and tells what a call took. */
  readonly account: (call: CallRequest, outcome: CallOutcome) => Bill;
}

interface Ticket {
  readonly call: CallRequest;
  readonly place: Place;
  readonly use: Use;
}

/** What a call holds from its beginning on. */
interface Use {
  unreserve: () => void;
  isProbe: boolean;
  /** Wall-clock ms. */
  beganAtMs: number;
}

export class Tickets {
  readonly #options: TicketsOptions;
  readonly #tickets = new Map<number, Ticket>();

  constructor(options: TicketsOptions) {
    this.#options = options;
  }

  /** @throws NodelensError `budget_exceeded`, `model_circuit_open`, `model_busy` */
  open(call: CallRequest): Place {
    const { guard, clock, gateOf } = this.#options;
    const use: Use = { unreserve: () => undefined, isProbe: false, beganAtMs: 0 };
    const place = gateOf(call.model).enter({
      assertAllowed: () => guard.assertMayCall(call),
      onBegin(isProbe) {
        use.isProbe = isProbe;
        use.beganAtMs = clock.now();
        use.unreserve = guard.reserve(call);
      },
    });
    this.#tickets.set(call.ticket, { call, place, use });
    return place;
  }

  /** @throws NodelensError `run_cancelled` for one that is not there. */
  placeOf(id: number): Place {
    return this.#find(id).place;
  }

  /** It was refused while it waited. */
  forget(id: number): void {
    this.#tickets.delete(id);
  }

  /** @throws NodelensError `run_cancelled` for one that is not there. */
  finish(id: number, outcome: CallOutcome): Bill {
    const ticket = this.#find(id);
    const { call, use } = ticket;
    const bill = this.#options.account(call, outcome);
    const { verdict, error } = outcome;
    this.#options.gateOf(call.model).learn({ verdict, isProbe: use.isProbe, ...(error && { error }) });
    this.#giveBack(ticket);
    return bill;
  }

  /** Gives one back that is not used, if it is there. */
  leave(id: number): void {
    const ticket = this.#tickets.get(id);
    if (ticket === undefined) return;
    const { call, use } = ticket;
    if (use.isProbe) this.#options.gateOf(call.model).learn({ verdict: 'neither', isProbe: true });
    this.#giveBack(ticket);
  }

  /** The client has ended; what models made of its calls is not known. */
  leaveAll(): void {
    const all = [...this.#tickets];
    // Those that wait go first: a place that comes free is for others.
    for (const [id, { place }] of all) if (!place.hasBegun()) this.leave(id);
    const error = toWire(fail('rpc_peer_gone', { peer: 'the caller', method: 'the model' }));
    for (const [id, { use }] of this.#tickets) {
      const durationMs = this.#options.clock.now() - use.beganAtMs;
      this.finish(id, { verdict: 'neither', error, startedAtMs: use.beganAtMs, durationMs });
    }
  }

  #find(id: number): Ticket {
    const ticket = this.#tickets.get(id);
    if (ticket === undefined)
      throw fail('run_cancelled', { detail: ': its model call is not known any more' });
    return ticket;
  }

  #giveBack({ call, place, use }: Ticket): void {
    this.#tickets.delete(call.ticket);
    use.unreserve();
    place.release();
  }
}
