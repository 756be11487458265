// The desk itself, for all threads: what it answers to each of them, and what it tells of their calls.
import type { MessagePort } from 'node:worker_threads';
import type { Clock } from '../actor/clock.ts';
import { serveRpc } from '../rpc.ts';
import type { LensEventOf } from '../telemetry/events.ts';
import type { BudgetGuard } from './budget-guard.ts';
import {
  type Admission,
  type Bill,
  type Caller,
  type CallOutcome,
  type ModelDesk,
  WAIT_MS,
} from './model-desk.ts';
import { type CircuitEvent, createModelGate, type ModelGate } from './model-gate.ts';
import type { Place } from './places.ts';
import { Tickets } from './tickets.ts';
import { toldError } from './told-error.ts';

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
  /** Serves one client until its port is closed; what it leaves behind is given back. */
  readonly connect: (port: MessagePort) => void;
}

export function createModelDesk(options: ModelDeskOptions): ModelDeskServer {
  const { guard, clock, concurrency = 4, random = Math.random, tell } = options;
  const gates = new Map<string, ModelGate>();
  const gateOf = (model: string): ModelGate => {
    const gate = gates.get(model) ?? createModelGate({ model, concurrency, clock, random, tell });
    gates.set(model, gate);
    return gate;
  };
  const account: Account = (call, outcome) => {
    const bill = guard.book(call, outcome);
    tell(calledEvent(call, outcome, bill));
    return bill;
  };
  return {
    connect(port) {
      const tickets = new Tickets({ guard, clock, gateOf, account });
      serveRpc(port, surface(tickets, { ...options, account }));
      port.once('close', () => tickets.leaveAll());
    },
  };
}

type Account = (call: Caller & { readonly model: string }, outcome: CallOutcome) => Bill;

const surface = (
  tickets: Tickets,
  { guard, clock, account }: ModelDeskOptions & { readonly account: Account },
): ModelDesk => ({
  startRun: async (run) => guard.startRun(run),
  begin: async (call) => (tickets.open(call).hasBegun() ? 'begun' : 'waiting'),
  async wait(id) {
    try {
      return await admissionOf(tickets.placeOf(id), clock);
    } catch (error) {
      tickets.forget(id);
      throw error;
    }
  },
  end: async (id, outcome) => tickets.finish(id, outcome),
  leave: async (id) => tickets.leave(id),
  leaveAll: async () => tickets.leaveAll(),
  count: async (call, outcome) => account(call, outcome),
  usage: async () => guard.report(),
});

async function admissionOf({ turn }: Place, clock: Clock): Promise<Admission> {
  const late = Promise.withResolvers<Admission>();
  const disarm = clock.after(WAIT_MS, () => late.resolve('waiting'));
  try {
    return await Promise.race([turn.then(() => 'begun' as const), late.promise]);
  } finally {
    disarm();
  }
}

const calledEvent = (
  call: Caller & { readonly model: string },
  { model = call.model, usage, error, startedAtMs, durationMs }: CallOutcome,
  bill: Bill,
): LensEventOf<'model.called'> => ({
  type: 'model.called',
  investigationId: call.investigationId,
  caller: call.caller,
  model,
  inputTokens: usage?.inputTokens ?? 0,
  cachedInputTokens: usage?.cachedInputTokens ?? 0,
  outputTokens: usage?.outputTokens ?? 0,
  ...bill,
  durationMs,
  startedAtMs,
  ...(error && { error: toldError(error) }),
});
