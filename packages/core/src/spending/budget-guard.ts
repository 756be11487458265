// Holds all calls and runs to the budgets. A call begins while what was spent, and what calls under way are estimated
// to take, is below every limit: so one call may overrun a budget by itself, and no two do so together.
import { fail, type NodelensError } from '../errors.ts';
import type { TokenUsage } from '../llm/model.ts';
import type { LensEventOf } from '../telemetry/events.ts';
import { amountOf, type BudgetOptions, freeAt, type Limit, limitsFor } from './budget.ts';
import type { Ledger } from './ledger.ts';
import type { Bill, Caller, CallOutcome, CallRequest, RunRequest } from './model-desk.ts';
import { costOf, DEAREST, type Prices, priceOf } from './prices.ts';
import { addSpend, nothingSpent, type Spend } from './spend.ts';
import { budgetReports, type UsageReport, usageReport } from './usage-report.ts';

export interface BudgetGuardOptions {
  readonly ledger: Ledger;
  readonly budget: BudgetOptions;
  readonly prices: Prices;
  /** Wall-clock ms. */
  readonly now: () => number;
  readonly tell: (event: LensEventOf<'budget.exceeded'>) => void;
}

/** Runs that are remembered; far more than can be under way. */
const MAX_RUNS = 1_000;

export class BudgetGuard {
  readonly #options: BudgetGuardOptions;
  readonly #runs = new Recent<Spend>();
  /** Until when a budget that is used up has been told. */
  readonly #told = new Recent<string>();
  readonly #reserved = new Map<CallRequest, Spend>();

  constructor(options: BudgetGuardOptions) {
    this.#options = options;
  }

  /** Counts it. @throws NodelensError `budget_exceeded` */
  startRun(run: RunRequest): void {
    this.#assertBelow(run, ({ unit }) => unit === 'runs');
    this.#options.ledger.book({ caller: run.caller, model: run.model, spend: { runs: 1 } });
  }

  /** @throws NodelensError `budget_exceeded` */
  assertMayCall(caller: Caller): void {
    this.#assertBelow(caller, ({ unit }) => unit !== 'runs');
  }

  /** Holds back what the call is estimated to take; returns the undo. */
  reserve(call: CallRequest): () => void {
    const { estimate, model } = call;
    const costUsd = costOf(estimate, priceOf(model, this.#options.prices) ?? DEAREST);
    this.#reserved.set(call, { ...nothingSpent, ...tokensIn(estimate), costUsd });
    return () => this.#reserved.delete(call);
  }

  book(call: Caller & { readonly model: string }, outcome: CallOutcome): Bill {
    const { ledger, prices } = this.#options;
    const model = outcome.model ?? call.model;
    const { spend, bill } = settle(model, outcome, prices);
    ledger.book({ caller: call.caller, model, spend });
    this.#runs.set(call.runId, addSpend(this.#runs.get(call.runId) ?? nothingSpent, spend));
    return bill;
  }

  report(): UsageReport {
    const { ledger, budget, now } = this.#options;
    const days = ledger.days();
    const callers = [...new Set(days.map(({ caller }) => caller))];
    const spent = (limit: Limit): Spend => this.#spent(limit, '');
    return usageReport(days, budgetReports(budget, callers, { nowMs: now(), spent }));
  }

  #assertBelow({ caller, runId }: Caller, counts: (limit: Limit) => boolean): void {
    for (const limit of limitsFor(this.#options.budget, caller).filter(counts)) {
      const spend = addSpend(this.#spent(limit, runId), this.#heldBack(limit, runId));
      const spent = Number(amountOf(spend, limit.unit).toFixed(6));
      if (spent >= limit.limit) throw this.#refusal(limit, spent, runId);
    }
  }

  #spent({ period, caller }: Limit, runId: string): Spend {
    if (period === undefined) return this.#runs.get(runId) ?? nothingSpent;
    return this.#options.ledger.spent(period, caller);
  }

  #heldBack({ period, caller }: Limit, runId: string): Spend {
    return [...this.#reserved]
      .filter(([call]) =>
        period === undefined ? call.runId === runId : caller === undefined || call.caller === caller,
      )
      .reduce((sum, [, spend]) => addSpend(sum, spend), nothingSpent);
  }

  #refusal(limit: Limit, spent: number, runId: string): NodelensError {
    const { budget, unit, period } = limit;
    const { now, tell } = this.#options;
    const until = freeAt(limit, now());
    const figures = { budget, limit: limit.limit, spent, unit };
    const key = `${budget} ${unit} ${period === undefined ? runId : ''}`;
    if (this.#told.get(key) !== (until ?? '')) {
      this.#told.set(key, until ?? '');
      tell({ type: 'budget.exceeded', ...figures, ...(until !== undefined && { freeAt: until }) });
    }
    return fail('budget_exceeded', { ...figures, freeAt: until ?? 'with the next run' });
  }
}

function settle(
  model: string,
  { usage, error }: CallOutcome,
  prices: Prices,
): { readonly spend: Spend; readonly bill: Bill } {
  const call = { ...nothingSpent, calls: 1, failedCalls: error === undefined ? 0 : 1 };
  if (usage === undefined) return { spend: call, bill: {} };
  const price = priceOf(model, prices);
  const costUsd = usage.costUsd ?? (price && costOf(usage, price));
  const counted = { ...call, ...tokensIn(usage) };
  if (costUsd !== undefined) return { spend: { ...counted, costUsd }, bill: { costUsd } };
  return { spend: { ...counted, unpricedCalls: 1, assumedUsd: costOf(usage, DEAREST) }, bill: {} };
}

/** Whole tokens, whatever a model tells. */
const tokensIn = ({
  inputTokens,
  cachedInputTokens,
  outputTokens,
}: TokenUsage): Omit<TokenUsage, 'costUsd'> => ({
  inputTokens: Math.max(0, Math.round(inputTokens)),
  cachedInputTokens: Math.max(0, Math.round(cachedInputTokens)),
  outputTokens: Math.max(0, Math.round(outputTokens)),
});

/** The newest entries by key. */
class Recent<T> {
  readonly #entries = new Map<string, T>();

  get(key: string): T | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: T): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_RUNS && oldest !== undefined) this.#entries.delete(oldest);
  }
}
