// What was spent and what may still be, as users see it.
import { amountOf, type BudgetOptions, freeAt, type Limit, limitsFor, type Unit } from './budget.ts';
import { addSpend, nothingSpent, type Spend } from './spend.ts';
import type { SpendRow } from './spend-shelf.ts';

export interface SpendReport {
  /** Runs of operators, and investigations. */
  readonly runs: number;
  /** Calls of models, the failed ones included. */
  readonly calls: number;
  readonly failedCalls: number;
  /** Not from a cache. */
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  /** Of the calls whose price is known: all, where `unpricedCalls` is 0. Absent where none is known. */
  readonly costUsd?: number;
  /** Calls that answered and whose price is not known. */
  readonly unpricedCalls: number;
}

export interface BudgetReport {
  /** `hour`, `day`, `month`, or `operator runtime, hour`. */
  readonly budget: string;
  readonly limit: number;
  /** In the present hour, day or month. */
  readonly spent: number;
  readonly unit: Unit;
  /** ISO-8601 UTC. */
  readonly freeAt: string;
}

export interface UsageReport {
  /** Of the last 400 days with a `dataDir`, else since the process began. */
  readonly total: SpendReport;
  /** By name; `coordinator` for the coordinator itself. */
  readonly byOperator: { readonly [operator: string]: SpendReport };
  readonly byModel: { readonly [model: string]: SpendReport };
  /** Newest first, UTC. */
  readonly byDay: readonly (SpendReport & { readonly day: string })[];
  /** Of the present hour, day and month; those of one run are not listed. */
  readonly budgets: readonly BudgetReport[];
}

/** @param days all rows by day. */
export const usageReport = (
  days: readonly SpendRow[],
  budgets: readonly BudgetReport[] = [],
): UsageReport => ({
  total: reported(sumOf(days)),
  byOperator: grouped(days, ({ caller }) => caller),
  byModel: grouped(
    days.filter(({ spend }) => spend.calls > 0),
    ({ model }) => model,
  ),
  byDay: Object.entries(grouped(days, ({ startMs }) => new Date(startMs).toISOString().slice(0, 10)))
    .sort(([a], [b]) => b.localeCompare(a))
    .map(([day, report]) => ({ day, ...report })),
  budgets,
});

/** @param spent what counts for a limit now. */
export function budgetReports(
  budget: BudgetOptions,
  callers: readonly string[],
  { nowMs, spent }: { readonly nowMs: number; readonly spent: (limit: Limit) => Spend },
): readonly BudgetReport[] {
  const limits = new Map(
    [...callers, ''].flatMap((caller) =>
      limitsFor(budget, caller)
        .filter((limit) => limit.period !== undefined && limit.caller !== '')
        .map((limit) => [`${limit.budget} ${limit.unit}`, limit] as const),
    ),
  );
  return [...limits.values()].map((limit) => ({
    budget: limit.budget,
    limit: limit.limit,
    spent: amountOf(spent(limit), limit.unit),
    unit: limit.unit,
    freeAt: freeAt(limit, nowMs) ?? '',
  }));
}

const sumOf = (rows: readonly SpendRow[]): Spend =>
  rows.reduce((sum, { spend }) => addSpend(sum, spend), nothingSpent);

function grouped(
  rows: readonly SpendRow[],
  keyOf: (row: SpendRow) => string,
): { readonly [key: string]: SpendReport } {
  const groups = Map.groupBy(rows, keyOf);
  return Object.fromEntries([...groups].map(([key, members]) => [key, reported(sumOf(members))]));
}

function reported({ assumedUsd: _, costUsd, ...spend }: Spend): SpendReport {
  const answered = spend.calls - spend.failedCalls;
  const isUnknown = answered > 0 && spend.unpricedCalls === answered;
  return { ...spend, ...(!isUnknown && { costUsd }) };
}
