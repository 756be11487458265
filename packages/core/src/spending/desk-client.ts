// The model desk as an actor with a model sees it. A desk that does not answer is done without for a while: a part
// that watches over cost must not stop a diagnosis.
import type { MessagePort } from 'node:worker_threads';
import type { Clock } from '../actor/clock.ts';
import { untilAborted } from '../agent/abort.ts';
import { isError } from '../errors.ts';
import type { TokenUsage } from '../llm/model.ts';
import { connectRpc } from '../rpc.ts';
import type { Admission, Bill, Caller, CallOutcome, ModelDesk, RunRequest } from './model-desk.ts';

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

export function connectModelDesk(port: MessagePort | undefined, clock: Clock): DeskClient {
  if (port === undefined) return nobody;
  const { remote, close } = connectRpc<ModelDesk>(port, { peer: 'the model desk', timeoutMs: ANSWER_MS });
  // comlink starts the port by listening, which refs it: an idle connection must not keep the process alive.
  port.unref();
  let awayUntilMs = Number.NEGATIVE_INFINITY;
  let lastTicket = 0;
  /** undefined from a desk that does not answer; what it refuses is thrown. */
  const ask = async <T>(question: () => Promise<T>): Promise<T | undefined> => {
    if (clock.now() < awayUntilMs) return undefined;
    try {
      return await question();
    } catch (error) {
      if (isError(error) && !error.code.startsWith('rpc_')) throw error;
      awayUntilMs = clock.now() + AWAY_MS;
      return undefined;
    }
  };
  /** Always told, or a place would be lost; waited for only where somebody answers. */
  const bill = async (tell: () => Promise<Bill>): Promise<Bill> => {
    const answer = tell();
    answer.catch(() => undefined);
    return (await ask(() => answer).catch(unknownBill)) ?? {};
  };
  /** Its answer matters to nobody: the port keeps the order, so it is done before the next question. */
  const leave = (ticket: number): void => void remote.leave(ticket).catch(() => undefined);
  return {
    startRun: async (run) => {
      await ask(() => remote.startRun(run));
    },
    async begin(call, signal) {
      const ticket = ++lastTicket;
      try {
        let admission = await untilAborted(
          ask<Admission>(() => remote.begin({ ...call, ticket })),
          signal,
        );
        while (admission === 'waiting')
          admission = await untilAborted(
            ask(() => remote.wait(ticket)),
            signal,
          );
        if (admission === 'begun') return (outcome) => bill(() => remote.end(ticket, outcome));
      } catch (error) {
        leave(ticket);
        throw error;
      }
      leave(ticket);
      return unknownBill;
    },
    count: (call, outcome) => bill(() => remote.count(call, outcome)),
    close,
  };
}
