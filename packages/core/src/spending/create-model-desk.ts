// The desk itself: tickets of the calls of all threads. What a thread leaves behind when it ends is given back.
import type { MessagePort } from 'node:worker_threads';
import type { Clock } from '../actor/clock.ts';
import { fail, toWire, type WireError } from '../errors.ts';
import { asJson } from '../json.ts';
import { redact } from '../redact.ts';
import { serveRpc } from '../rpc.ts';
import type { LensEventOf } from '../telemetry/events.ts';
import type { BudgetGuard } from './budget-guard.ts';
import { type Caller, type CallOutcome, type CallRequest, type ModelDesk, WAIT_MS } from './model-desk.ts';
import { type CircuitEvent, createModelGate, type ModelGate } from './model-gate.ts';
import type { Place } from './places.ts';

export interface ModelDeskOptions {
  readonly guard: BudgetGuard;
  /** Calls of one model at once. Default 4. */
  readonly concurrency?: number;
  readonly clock: Clock;
  /** 0 to 1, for the jitter of circuits. Default Math.random. */
  readonly random?: () => number;
  readonly tell: (event: LensEventOf<'model.called'> | CircuitEvent) => void;
}

export interface ModelDeskServer {
  /** Serves one client, until its port is closed. */
  readonly connect: (port: MessagePort) => void;
}

interface Ticket {
  readonly call: CallRequest;
  place: Place;
  /** Set when it begins. */
  unreserve: () => void;
  isProbe: boolean;
}

export function createModelDesk(options: ModelDeskOptions): ModelDeskServer {
  const gates = new Map<string, ModelGate>();
  const gateOf = (model: string): ModelGate => {
    const { clock, concurrency = 4, random = Math.random, tell } = options;
    const gate = gates.get(model) ?? createModelGate({ model, concurrency, clock, random, tell });
    gates.set(model, gate);
    return gate;
  };
  return {
    connect(port) {
      const client = createClient(options, gateOf);
      serveRpc(port, client.desk);
      port.once('close', client.leaveAll);
    },
  };
}

interface Client {
  readonly desk: ModelDesk;
  readonly leaveAll: () => void;
}

function createClient(options: ModelDeskOptions, gateOf: (model: string) => ModelGate): Client {
  const { guard, clock } = options;
  const tickets = new Map<number, Ticket>();
  const take = (id: number): Ticket => {
    const ticket = tickets.get(id);
    if (ticket === undefined)
      throw fail('run_cancelled', { detail: ': its model call is not known any more' });
    return ticket;
  };
  const giveBack = (ticket: Ticket): void => {
    tickets.delete(ticket.call.ticket);
    ticket.unreserve();
    ticket.place.release();
  };
  const leave = (ticket: Ticket): void => {
    if (ticket.isProbe) gateOf(ticket.call.model).learn({ verdict: 'neither', isProbe: true });
    giveBack(ticket);
  };
  const finish = (ticket: Ticket, outcome: CallOutcome): ReturnType<typeof account> => {
    const { call, isProbe } = ticket;
    const bill = account(options, call, outcome);
    const { verdict, error } = outcome;
    gateOf(call.model).learn({ verdict, isProbe, ...(error && { error: told(error) }) });
    giveBack(ticket);
    return bill;
  };
  const desk: ModelDesk = {
    startRun: async (run) => guard.startRun(run),
    async begin(call) {
      const ticket: Ticket = { call, place: nowhere, unreserve: () => undefined, isProbe: false };
      ticket.place = gateOf(call.model).enter({
        assertAllowed: () => guard.assertMayCall(call),
        onBegin(isProbe) {
          ticket.isProbe = isProbe;
          ticket.unreserve = guard.reserve(call);
        },
      });
      tickets.set(call.ticket, ticket);
      return ticket.place.hasBegun() ? 'begun' : 'waiting';
    },
    async wait(id) {
      const { place } = take(id);
      const late = Promise.withResolvers<'waiting'>();
      const disarm = clock.after(WAIT_MS, () => late.resolve('waiting'));
      try {
        return await Promise.race([place.turn.then(() => 'begun' as const), late.promise]);
      } catch (error) {
        tickets.delete(id);
        throw error;
      } finally {
        disarm();
      }
    },
    end: async (id, outcome) => finish(take(id), outcome),
    async leave(id) {
      const ticket = tickets.get(id);
      if (ticket !== undefined) leave(ticket);
    },
    count: async (call, outcome) => account(options, call, outcome),
    usage: async () => guard.report(),
  };
  const leaveAll = (): void => {
    const error = toWire(fail('rpc_peer_gone', { peer: 'the caller', method: 'the model' }));
    const all = [...tickets.values()];
    // Those that wait go first: a place that comes free is for others.
    for (const ticket of all) if (!ticket.place.hasBegun()) leave(ticket);
    for (const ticket of all)
      if (ticket.place.hasBegun())
        finish(ticket, { verdict: 'neither', error, startedAtMs: clock.now(), durationMs: 0 });
  };
  return { desk, leaveAll };
}

/** Until it is known. */
const nowhere: Place = { turn: Promise.resolve(), hasBegun: () => false, release: () => undefined };

function account(
  { guard, tell }: ModelDeskOptions,
  call: Caller & { readonly model: string },
  outcome: CallOutcome,
): ReturnType<BudgetGuard['book']> {
  const bill = guard.book(call, outcome);
  const { usage, error, startedAtMs, durationMs } = outcome;
  tell({
    type: 'model.called',
    investigationId: call.investigationId,
    caller: call.caller,
    model: outcome.model ?? call.model,
    inputTokens: usage?.inputTokens ?? 0,
    cachedInputTokens: usage?.cachedInputTokens ?? 0,
    outputTokens: usage?.outputTokens ?? 0,
    ...bill,
    durationMs,
    startedAtMs,
    ...(error && { error: told(error) }),
  });
  return bill;
}

/** A provider's words may carry what must not leave; our stack is of no use to anybody. */
const told = ({ stack: _, cause: __, ...error }: WireError): WireError =>
  redact(asJson(error)) as unknown as WireError;
