// What models cost: a table of the common ones by pattern of their names, which users override and extend. A model
// that nobody priced has no cost; it is never taken for free.
import type { TokenUsage } from '../llm/model.ts';

/** USD per million tokens. */
export interface Price {
  /** Read, not from a cache. Writing into a provider's cache is counted as such too. */
  readonly input: number;
  /** Read from the provider's prompt cache. Default: as `input`. */
  readonly cachedInput?: number;
  /** Written, thinking included. */
  readonly output: number;
}

/** By name of the model, as in `anthropic/claude-haiku-4-5`; `*` stands for anything. The first that fits counts. */
export type Prices = { readonly [model: string]: Price };

type Row = readonly [name: RegExp, input: number, cachedInput: number, output: number];

/**
 * List prices of the standard tier, of prompts below the long-context thresholds (100,000 tokens and more), without
 * batch, fast or regional surcharges. Sources: Claude, GPT-5.3 to 5.6 and Gemini 3.1 to 3.7 from the table of GitHub's
 * docs, which quotes the providers (github/docs 024f6b0, data/tables/copilot/models-and-pricing.yml); Claude 5.5 and
 * Fable 5.1 from platform.claude.com/docs/about-claude/models; the older GPT-5 from developers.openai.com/api/docs/pricing
 * and the older Gemini from ai.google.dev/gemini-api/docs/pricing. As of 2026-11. The narrower pattern comes first.
 */
const TABLE: readonly Row[] = [
  [/^triage$/, 0, 0, 0],
  [/^ollama\//, 0, 0, 0],
  [/claude-(fable|mythos)-5[-.]1/, 10, 0.25, 50],
  [/claude-(fable|mythos)-5/, 10, 1, 50],
  [/claude-opus-5[-.]5/, 4, 0.2, 20],
  [/claude-opus-(5|4[-.][5-9])(?!\d)/, 5, 0.5, 25],
  [/claude-opus-4/, 15, 1.5, 75],
  [/claude-sonnet-5[-.]5/, 2, 0.1, 10],
  [/claude-sonnet-5/, 2, 0.2, 10],
  [/claude-sonnet-4/, 3, 0.3, 15],
  [/claude-haiku-5[-.]5/, 0.1, 0.01, 0.5],
  [/claude-haiku-4/, 1, 0.1, 5],
  [/gpt-5\.6-luna/, 0.2, 0.02, 1.2],
  [/gpt-5\.6-terra/, 2, 0.2, 12],
  [/gpt-5\.6-sol|gpt-5\.5(?!-pro)/, 5, 0.5, 30],
  [/gpt-5\.4-mini/, 0.75, 0.075, 4.5],
  [/gpt-5\.4-nano/, 0.2, 0.02, 1.25],
  [/gpt-5\.4(?!-pro)/, 2.5, 0.25, 15],
  [/gpt-5\.[23](?!-pro)/, 1.75, 0.175, 14],
  [/gpt-5(\.1)?(-codex)?-mini/, 0.25, 0.025, 2],
  [/gpt-5-nano/, 0.05, 0.005, 0.4],
  [/gpt-5(\.1)?(?![.\d]|-pro)/, 1.25, 0.125, 10],
  [/gemini-3\.[67]-flash/, 0.75, 0.075, 3.75],
  [/gemini-3\.5-flash(?!-lite)/, 1.5, 0.15, 9],
  [/gemini-3-flash/, 0.5, 0.05, 3],
  [/gemini-3(\.1)?-pro/, 2, 0.2, 12],
  [/gemini-2\.5-flash-lite/, 0.1, 0.01, 0.4],
  [/gemini-2\.5-flash/, 0.3, 0.03, 2.5],
  [/gemini-2\.5-pro/, 1.25, 0.125, 10],
];

/** Of what no table prices, where money is limited: as if it were the dearest that is known. */
export const DEAREST: Price = { input: 15, cachedInput: 1.5, output: 75 };

/** @returns undefined where the price is not known. */
export function priceOf(model: string, own: Prices = {}): Price | undefined {
  const given = Object.entries(own).find(([name]) => isLike(model, name));
  if (given !== undefined) return given[1];
  const row = TABLE.find(([name]) => name.test(model));
  return row && { input: row[1], cachedInput: row[2], output: row[3] };
}

/** USD. */
export const costOf = (
  { inputTokens, cachedInputTokens, outputTokens }: TokenUsage,
  { input, cachedInput = input, output }: Price,
): number => (inputTokens * input + cachedInputTokens * cachedInput + outputTokens * output) / 1_000_000;

/** Whether a call of that model takes time on this machine alone: it needs no place, and no circuit. */
export const isLocal = (model: string): boolean => model === 'triage';

/** Names are short, so the scan for each `*` costs nothing. */
function isLike(model: string, pattern: string): boolean {
  const [first = '', ...parts] = pattern.split('*');
  if (parts.length === 0) return model === pattern;
  if (!model.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts.slice(0, -1)) {
    const found = model.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const last = parts.at(-1) ?? '';
  return model.length - last.length >= at && model.endsWith(last);
}
