// What was spent, as figures that add up. Pure.
import type { TokenUsage } from '../llm/model.ts';

export interface Spend {
  /** Runs of operators, and investigations. */
  readonly runs: number;
  /** Calls of models, the failed ones included. */
  readonly calls: number;
  readonly failedCalls: number;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  /** Of the calls whose price is known. */
  readonly costUsd: number;
  /** Calls that answered and whose price is not known. */
  readonly unpricedCalls: number;
  /** What those count for in a budget of money, in USD. */
  readonly assumedUsd: number;
}

export const nothingSpent: Spend = {
  runs: 0,
  calls: 0,
  failedCalls: 0,
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  unpricedCalls: 0,
  assumedUsd: 0,
};

export const spendFields = Object.keys(nothingSpent) as readonly (keyof Spend)[];

export const addSpend = (a: Spend, b: Spend): Spend => spendOf((field) => a[field] + b[field]);

export const spendOf = (figure: (field: keyof Spend) => number): Spend =>
  Object.fromEntries(spendFields.map((field) => [field, figure(field)])) as unknown as Spend;

/** All that a model read and wrote, cached or not. */
export const tokensOf = ({ inputTokens, cachedInputTokens, outputTokens }: TokenUsage): number =>
  inputTokens + cachedInputTokens + outputTokens;
