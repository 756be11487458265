// What may be spent. Pure: limits by name, what counts for each, and when it is free again.
import { type Period, periodEnd } from './period.ts';
import { type Spend, tokensOf } from './spend.ts';

/** Each that is given must hold. */
export interface Allowance {
  /** All that models read and wrote, cached input included. */
  readonly tokens?: number;
  /** By the price table. A call whose price is not known counts at the dearest known price. */
  readonly usd?: number;
  /** Runs of operators, and investigations (`coordinator`). */
  readonly runs?: number;
}

/** Hours, days and months are those of the calendar, in UTC. */
export interface BudgetOptions {
  /** Of one investigation with all its operators, of one single run, or of one round of a continuous operator. */
  readonly perRun?: Omit<Allowance, 'runs'>;
  /** Of each operator, and of the coordinator by itself. */
  readonly perOperator?: { readonly hour?: Allowance; readonly day?: Allowance };
  /** Of all together. */
  readonly total?: { readonly [P in Period]?: Allowance };
}

export type Unit = 'tokens' | 'USD' | 'runs';

export interface Limit {
  /** `run`, `day`, or `operator runtime, hour`. */
  readonly budget: string;
  readonly unit: Unit;
  readonly limit: number;
  /** Absent: of one run. */
  readonly period?: Period;
  /** Absent: of all. */
  readonly caller?: string;
}

const UNITS: { readonly [A in keyof Allowance]-?: Unit } = { tokens: 'tokens', usd: 'USD', runs: 'runs' };

/** All that a call or a run of `caller` must hold. */
export const limitsFor = (budget: BudgetOptions, caller: string): readonly Limit[] => [
  ...limitsOf(budget.perRun, { budget: 'run' }),
  ...periodsOf(budget.perOperator).flatMap(([period, allowance]) =>
    limitsOf(allowance, { budget: `operator ${caller}, ${period}`, period, caller }),
  ),
  ...periodsOf(budget.total).flatMap(([period, allowance]) =>
    limitsOf(allowance, { budget: period, period }),
  ),
];

const periodsOf = (
  allowances: { readonly [P in Period]?: Allowance } = {},
): readonly (readonly [Period, Allowance])[] => Object.entries(allowances) as [Period, Allowance][];

const limitsOf = (
  allowance: Allowance = {},
  of: Pick<Limit, 'budget' | 'period' | 'caller'>,
): readonly Limit[] =>
  (Object.keys(UNITS) as (keyof Allowance)[]).flatMap((key) => {
    const limit = allowance[key];
    return limit === undefined ? [] : [{ ...of, unit: UNITS[key], limit }];
  });

/** How much of a spend counts for a limit. */
export function amountOf(spend: Spend, unit: Unit): number {
  if (unit === 'tokens') return tokensOf(spend);
  return unit === 'runs' ? spend.runs : spend.costUsd + spend.assumedUsd;
}

/** ISO-8601 UTC; undefined for the budget of one run, which never is. */
export const freeAt = ({ period }: Limit, nowMs: number): string | undefined =>
  period && new Date(periodEnd(period, nowMs)).toISOString();
