// A strategy of the user: an async function over what an investigation is made of. What it concludes is verified like
// a model's claim; what it leaves running is ended with its investigation.
import { cancelled, untilAborted } from '../agent/abort.ts';
import { type LoopEnd, userMessage } from '../agent/loop.ts';
import { fail, isError, reasonOf } from '../errors.ts';
import type { Id } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import type { Notification } from '../operator/notification.ts';
import { leadByLoop } from './agent-loop.ts';
import { conclude } from './conclude.ts';
import type { CoordinatorDesk } from './desk.ts';
import type { Claim } from './grounding.ts';
import type { Insight, OperatorOutcome } from './insight.ts';
import { markNotifications } from './mark.ts';
import { outcomeOf } from './outcome.ts';
import { availableOperators } from './request.ts';
import type { NotificationStatus } from './state.ts';
import { tellStep } from './steps.ts';
import type { Strategy, StrategyInput } from './strategy.ts';

/** What a strategy of your own works with. Every method rejects or throws `run_cancelled` once the run has ended. */
export interface StrategyContext {
  readonly investigationId: Id;
  readonly reason: string;
  /** What the caller wants known besides. */
  readonly context: JsonObject;
  /** Operators that are available in this run. */
  readonly operators: readonly {
    readonly name: string;
    readonly skill: string;
    readonly description: string;
  }[];
  /** Aborted when the run ends early: at its deadline, or when its caller gave up. */
  readonly signal: AbortSignal;
  /** Until the deadline of the run. */
  remainingMs(): number;
  /** Of all operators until now, in order of arrival. */
  notifications(): readonly (Notification & { readonly status: NotificationStatus })[];
  insights(): readonly Insight[];
  /** Operators that have ended, with how: one that failed has not seen everything. */
  finished(): readonly OperatorOutcome[];
  /** Names of operators that run now. */
  running(): readonly string[];
  /**
   * Starts operators (names, or ids of skills) in parallel; one that runs already goes on as it is.
   * @param why told to their models. Default: the reason of the run.
   * @throws NodelensError `operator_unknown`
   */
  invoke(operators: readonly string[], why?: string): void;
  /** Resolves when no operator runs any more. */
  settled(): Promise<void>;
  /** One question to the model, without tools; counted and limited like any call. `triage()` answers none. */
  ask(question: StrategyQuestion): Promise<string>;
  /** Records an insight, or tells what is wrong with it: ids, quotes and grounding are verified. */
  conclude(
    claim: Claim,
  ): Promise<
    { readonly ok: true; readonly insight: Insight } | { readonly ok: false; readonly reason: string }
  >;
  /** Marks notifications as dismissed. */
  resolve(notificationIds: readonly Id[]): void;
  /** Hands over to `agentLoop()`; resolves when it is done. Rejects with what it failed with. */
  agentLoop(): Promise<void>;
}

export interface StrategyQuestion {
  readonly system: string;
  /** Redacted before it leaves the process. */
  readonly prompt: string;
  /** Default: the model's. */
  readonly maxOutputTokens?: number;
}

/** Leads one investigation. What it returns is the `answer` of the result; what it throws fails the run. */
export type OwnStrategy = (context: StrategyContext) => Promise<string | undefined>;

/** What a module of your own exports; called once for each investigation. */
export type OwnStrategyFactory = (options: JsonObject) => OwnStrategy | Promise<OwnStrategy>;

/** @param name for errors. */
export const leadByOwn = (own: OwnStrategy, name: string): Strategy =>
  // biome-ignore lint/correctness/useYield: the steps of a loop that it hands over to are told as they happen
  async function* (desk, input) {
    const seat = takeSeat(desk, input);
    try {
      const answer = await untilAborted(own(seat.context), input.signal);
      if (answer !== undefined) desk.answer(answer);
      return seat.endOfLoop() ?? { kind: 'stopped', by: name };
    } catch (error) {
      if (input.signal.aborted) return { kind: 'aborted', error: input.signal.reason };
      return { kind: 'failed', error: isError(error) ? error : failed(name, error) };
    } finally {
      await seat.leave();
    }
  };

const failed = (strategy: string, error: unknown): Error =>
  fail('strategy_failed', { strategy, reason: reasonOf(error) }, { cause: error });

interface Seat {
  readonly context: StrategyContext;
  /** How the agent loop ended, if it was handed over to. */
  endOfLoop(): LoopEnd | undefined;
  /** Ends what goes on in the context; resolves when what it has dismissed is kept, or cannot be for now. */
  leave(): Promise<void>;
}

function takeSeat(desk: CoordinatorDesk, input: StrategyInput): Seat {
  const { request, model } = input;
  const leaving = new AbortController();
  const signal = AbortSignal.any([input.signal, leaving.signal]);
  const marking: Promise<unknown>[] = [];
  let end: LoopEnd | undefined;
  const assertSeated = (): void => {
    if (signal.aborted) throw cancelled(signal);
  };
  const context: StrategyContext = {
    investigationId: desk.investigationId,
    reason: request.reason,
    context: request.context ?? {},
    operators: desk.operators.map(({ name, skill: { id, description } }) => ({
      name,
      skill: id,
      description,
    })),
    signal: input.signal,
    remainingMs: () => Math.max(0, input.deadlineMs - desk.clock.now()),
    notifications: () =>
      desk.state().entries.map(({ notification, status }) => ({ ...notification, status })),
    insights: () => desk.state().insights,
    finished: () => desk.state().finished.map(outcomeOf),
    running: () => desk.state().running.map(({ name }) => name),
    invoke(names, why) {
      assertSeated();
      const busy = context.running();
      const wanted = availableOperators(desk.operators, names).filter(({ name }) => !busy.includes(name));
      for (const spec of wanted) desk.start(spec, why);
    },
    settled: harmless(() => untilAborted(desk.fleet.settled(), signal)),
    ask: harmless(async ({ system, prompt, maxOutputTokens }) => {
      assertSeated();
      const limit = maxOutputTokens === undefined ? {} : { maxOutputTokens };
      const question = { system, messages: [userMessage(prompt)], tools: [], ...limit };
      const { text } = await untilAborted(model.generate(question, { signal }), signal);
      return text;
    }),
    conclude: harmless(async (claim) => {
      assertSeated();
      const concluded = await conclude(desk, claim, signal);
      return concluded.ok ? { ok: true, insight: concluded.insight } : concluded;
    }),
    resolve(ids) {
      assertSeated();
      marking.push(markNotifications(desk, ids, 'resolved'));
    },
    agentLoop: harmless(async () => {
      assertSeated();
      const steps = leadByLoop(desk, { ...input, signal });
      let next = await steps.next();
      for (; !next.done; next = await steps.next()) tellStep(desk, next.value);
      end = next.value;
      if (end.kind !== 'stopped') throw end.error;
    }),
  };
  return {
    context,
    endOfLoop: () => end,
    leave: async () => {
      leaving.abort(fail('run_cancelled', { detail: ': its strategy has ended' }));
      // They are offered again later; a run that was ended does not wait for them.
      await untilAborted(Promise.all(marking), input.signal).catch(() => undefined);
    },
  };
}

/** What a strategy has begun and does not wait for yet, or any more, rejects with its run: that must not end the process. */
const harmless =
  <A extends readonly unknown[], T>(begin: (...args: A) => Promise<T>) =>
  (...args: A): Promise<T> => {
    const begun = begin(...args);
    begun.catch(() => undefined);
    return begun;
  };
