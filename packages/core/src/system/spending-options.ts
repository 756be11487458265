// What models may cost and how many are asked at once, as options of a start.
import type { BudgetOptions } from '../spending/budget.ts';
import type { Prices } from '../spending/prices.ts';
import { type Check, is, mapOf, shape, wholeNumber } from './checks.ts';

export interface SpendingOptions {
  /** What models may cost; what is over it ends with `budget_exceeded`. Default: no limit. See docs/cost.md. */
  readonly budget?: BudgetOptions;
  /** Prices beside and before those that Nodelens knows. */
  readonly prices?: Prices;
  /** Calls of one model at once; up to 16 more wait. Default 4. */
  readonly concurrency?: number;
}

const positive = is(
  (value) => typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY,
  'a number above 0',
);
const price = is(
  (value) => typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY,
  'a number from 0 on',
);
const allowance = shape({ tokens: positive, usd: positive, runs: positive });

export const spendingChecks: { readonly [K in keyof SpendingOptions]-?: Check } = {
  budget: shape({
    perRun: shape({ tokens: positive, usd: positive }),
    perOperator: shape({ hour: allowance, day: allowance }),
    total: shape({ hour: allowance, day: allowance, month: allowance }),
  }),
  prices: mapOf(
    shape({ input: price, cachedInput: price, output: price }, { required: ['input', 'output'] }),
  ),
  concurrency: wholeNumber(1, 1_000),
};
