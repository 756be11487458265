// The model desk as an actor with a model sees it. A desk that does not answer is done without for a while: a part
// that watches over cost must not stop a diagnosis.
import type { Clock } from '../actor/clock.ts';
import type { ServicePort } from '../actor/hosts/services.ts';
import { untilAborted } from '../agent/abort.ts';
import { isError } from '../errors.ts';
import type { TokenUsage } from '../llm/model.ts';
import { connectRpc, type RpcClient } from '../rpc.ts';
import type {
  Admission,
  Bill,
  Caller,
  CallOutcome,
  CallRequest,
  ModelDesk,
  RunRequest,
} from './model-desk.ts';

export interface DeskClient {
  /** @throws NodelensError `budget_exceeded` */
  startRun(run: RunRequest): Promise<void>;
  /**
   * Waits for a place; ends at once when `signal` is aborted.
   * @returns what tells how the call ended
   * @throws NodelensError `budget_exceeded`, `model_circuit_open`, `model_busy`
   */
  begin(call: PlannedCall, signal: AbortSignal): Promise<EndCall>;
  /** Tells of a call that needed no place. */
  count(call: Caller & { readonly model: string }, outcome: CallOutcome): Promise<Bill>;
  close(): void;
}

export interface PlannedCall extends Caller {
  readonly model: string;
  readonly estimate: TokenUsage;
}

/** Never rejects. */
export type EndCall = (outcome: CallOutcome) => Promise<Bill>;

/** The recorder may stand still for a heap snapshot. */
const ANSWER_MS = 2_000;
/** How long it is not asked after it did not answer, in ms. */
const AWAY_MS = 10_000;

const unknownBill = async (): Promise<Bill> => ({});

/** For actors that were given no desk (a test's): their calls are their own affair. */
const nobody: DeskClient = {
  startRun: async () => undefined,
  begin: async () => unknownBill,
  count: unknownBill,
  close: () => undefined,
};

export function connectModelDesk(port: ServicePort | undefined, clock: Clock): DeskClient {
  if (port === undefined) return nobody;
  const client = connectRpc<ModelDesk>(port, { peer: 'the model desk', timeoutMs: ANSWER_MS });
  // comlink starts the port by listening, which refs it: an idle connection must not keep the process alive.
  port.unref();
  return new ConnectedDesk(client, clock);
}

class ConnectedDesk implements DeskClient {
  readonly #client: RpcClient<ModelDesk>;
  readonly #clock: Clock;
  #awayUntilMs = Number.NEGATIVE_INFINITY;
  #lastTicket = 0;
  /** Calls that have or want a place. */
  #open = 0;

  constructor(client: RpcClient<ModelDesk>, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  async startRun(run: RunRequest): Promise<void> {
    await this.#ask(() => this.#client.remote.startRun(run));
  }

  async begin(call: PlannedCall, signal: AbortSignal): Promise<EndCall> {
    const ticket = ++this.#lastTicket;
    this.#open += 1;
    try {
      const isAdmitted = await this.#isAdmitted({ ...call, ticket }, signal);
      if (isAdmitted) return (outcome) => this.#end(ticket, outcome);
    } catch (error) {
      this.#leave(ticket);
      throw error;
    }
    this.#leave(ticket);
    return unknownBill;
  }

  count(call: Caller & { readonly model: string }, outcome: CallOutcome): Promise<Bill> {
    return this.#bill(() => this.#client.remote.count(call, outcome));
  }

  close(): void {
    // The port may outlive this run: what it leaves behind is said.
    if (this.#open > 0) this.#client.remote.leaveAll().catch(() => undefined);
    this.#client.close();
  }

  #end(ticket: number, outcome: CallOutcome): Promise<Bill> {
    this.#open -= 1;
    return this.#bill(() => this.#client.remote.end(ticket, outcome));
  }

  /** False from a desk that does not answer; what it refuses is thrown. */
  async #isAdmitted(call: CallRequest, signal: AbortSignal): Promise<boolean> {
    const { remote } = this.#client;
    let admission = await untilAborted(
      this.#ask<Admission>(() => remote.begin(call)),
      signal,
    );
    while (admission === 'waiting')
      admission = await untilAborted(
        this.#ask(() => remote.wait(call.ticket)),
        signal,
      );
    return admission === 'begun';
  }

  /** undefined from a desk that does not answer; what it refuses is thrown. */
  async #ask<T>(question: () => Promise<T>): Promise<T | undefined> {
    if (this.#clock.now() < this.#awayUntilMs) return undefined;
    try {
      return await question();
    } catch (error) {
      if (isError(error) && !error.code.startsWith('rpc_')) throw error;
      this.#awayUntilMs = this.#clock.now() + AWAY_MS;
      return undefined;
    }
  }

  /** Always told, or a place would be lost; waited for only where somebody answers. */
  async #bill(tell: () => Promise<Bill>): Promise<Bill> {
    const answer = tell();
    answer.catch(() => undefined);
    return (await this.#ask(() => answer).catch(unknownBill)) ?? {};
  }

  /** Its answer matters to nobody: the port keeps the order, so it is done before the next question. */
  #leave(ticket: number): void {
    this.#open -= 1;
    this.#client.remote.leave(ticket).catch(() => undefined);
  }
}
