// Holds all calls and runs to the budgets. A call begins while what was spent, and what calls under way are estimated
// to take, is below every limit: so one call may overrun a budget by itself, and no two do so together.
import { fail } from '../errors.ts';
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

export interface BudgetGuard {
  /** Counts it. @throws NodelensError `budget_exceeded` */
  startRun(run: RunRequest): void;
  /** @throws NodelensError `budget_exceeded` */
  assertMayCall(caller: Caller): void;
  /** Holds back what the call is estimated to take; returns the undo. */
  reserve(call: CallRequest): () => void;
  book(call: Caller & { readonly model: string }, outcome: CallOutcome): Bill;
  report(): UsageReport;
}

/** Runs that are remembered; far more than can be under way. */
const MAX_RUNS = 1_000;

export function createBudgetGuard(options: BudgetGuardOptions): BudgetGuard {
  const { ledger, budget, prices, now } = options;
  const runs = createRecent<Spend>();
  const told = createRecent<string>();
  const reserved = new Map<CallRequest, Spend>();
  const spentFor = ({ period, caller }: Limit, runId: string): Spend =>
    period === undefined ? (runs.get(runId) ?? nothingSpent) : ledger.spent(period, caller);
  const reservedFor = ({ period, caller }: Limit, runId: string): Spend =>
    [...reserved]
      .filter(([call]) =>
        period === undefined ? call.runId === runId : (caller ?? call.caller) === call.caller,
      )
      .reduce((sum, [, spend]) => addSpend(sum, spend), nothingSpent);
  const assertBelow = ({ caller, runId }: Caller, isOfRuns: boolean): void => {
    for (const limit of limitsFor(budget, caller).filter(({ unit }) => (unit === 'runs') === isOfRuns)) {
      const spend = addSpend(spentFor(limit, runId), reservedFor(limit, runId));
      const spent = Number(amountOf(spend, limit.unit).toFixed(6));
      if (spent >= limit.limit) throw refusal(limit, spent, runId);
    }
  };
  const refusal = (limit: Limit, spent: number, runId: string): Error => {
    const { budget: name, unit } = limit;
    const until = freeAt(limit, now());
    const figures = { budget: name, limit: limit.limit, spent, unit };
    const key = `${name} ${unit} ${limit.period === undefined ? runId : ''}`;
    if (told.get(key) !== (until ?? '')) {
      told.set(key, until ?? '');
      options.tell({ type: 'budget.exceeded', ...figures, ...(until !== undefined && { freeAt: until }) });
    }
    return fail('budget_exceeded', { ...figures, freeAt: until ?? 'with the next run' });
  };
  return {
    startRun(run) {
      assertBelow(run, true);
      ledger.book({ caller: run.caller, model: run.model, spend: { runs: 1 } });
    },
    assertMayCall: (caller) => assertBelow(caller, false),
    reserve(call) {
      const { estimate, model } = call;
      reserved.set(call, {
        ...nothingSpent,
        ...tokensIn(estimate),
        costUsd: costAtMost(model, estimate, prices),
      });
      return () => reserved.delete(call);
    },
    book(call, outcome) {
      const model = outcome.model ?? call.model;
      const { spend, bill } = settle(model, outcome, prices);
      ledger.book({ caller: call.caller, model, spend });
      runs.set(call.runId, addSpend(runs.get(call.runId) ?? nothingSpent, spend));
      return bill;
    },
    report() {
      const days = ledger.days();
      const callers = [...new Set(days.map(({ caller }) => caller))];
      const spent = (limit: Limit): Spend => spentFor(limit, '');
      return usageReport(days, budgetReports(budget, callers, { nowMs: now(), spent }));
    },
  };
}

const costAtMost = (model: string, usage: TokenUsage, prices: Prices): number =>
  costOf(usage, priceOf(model, prices) ?? DEAREST);

function settle(
  model: string,
  { usage, error }: CallOutcome,
  prices: Prices,
): { readonly spend: Spend; readonly bill: Bill } {
  const call = { ...nothingSpent, calls: 1 };
  if (usage === undefined) return { spend: { ...call, failedCalls: error === undefined ? 0 : 1 }, bill: {} };
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
function createRecent<T>(): { get(key: string): T | undefined; set(key: string, value: T): void } {
  const entries = new Map<string, T>();
  return {
    get: (key) => entries.get(key),
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      const [oldest] = entries.keys();
      if (entries.size > MAX_RUNS && oldest !== undefined) entries.delete(oldest);
    },
  };
}
