import { expect, test } from 'vitest';
import { costOf, priceOf } from '../../src/spending/prices.ts';

const usage = { inputTokens: 1_000_000, cachedInputTokens: 1_000_000, outputTokens: 1_000_000 };

test.each([
  ['anthropic/claude-haiku-4-5', 1 + 0.1 + 5],
  ['anthropic/claude-haiku-4-5-20251001', 1 + 0.1 + 5],
  ['amazon-bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0', 3 + 0.3 + 15],
  ['openrouter/anthropic/claude-opus-4.5', 5 + 0.5 + 25],
  ['anthropic/claude-opus-4-1-20250805', 15 + 1.5 + 75],
  ['anthropic/claude-opus-4-20250514', 15 + 1.5 + 75],
  ['anthropic/claude-opus-5-5', 4 + 0.2 + 20],
  ['openai/gpt-5-2025-08-07', 1.25 + 0.125 + 10],
  ['openai/gpt-5-mini', 0.25 + 0.025 + 2],
  ['openai/gpt-5.1-codex-mini', 0.25 + 0.025 + 2],
  ['azure/gpt-5.4', 2.5 + 0.25 + 15],
  ['google/gemini-2.5-flash-lite', 0.1 + 0.01 + 0.4],
  ['google/gemini-3-pro-preview', 2 + 0.2 + 12],
  ['ollama/llama3.3', 0],
  ['triage', 0],
])('%s has a price', (model, usd) => {
  const price = priceOf(model);
  expect(price && costOf(usage, price)).toBeCloseTo(usd, 6);
});

test.each(['openai/gpt-5-pro', 'openai/gpt-5.4-pro', 'openai/gpt-6', 'mine', 'my-triage'])(
  '%s has none, and is not free',
  (model) => expect(priceOf(model)).toBeUndefined(),
);

test('own prices come first, by name or with *, and cached input costs as much as other where nothing is said', () => {
  const own = { 'mine/*-large': { input: 2, output: 4 }, 'anthropic/*': { input: 9, output: 9 } };
  expect(priceOf('anthropic/claude-haiku-4-5', own)).toEqual({ input: 9, output: 9 });
  expect(priceOf('mine/small-large', own)).toEqual({ input: 2, output: 4 });
  expect(priceOf('mine/small', own)).toBeUndefined();
  expect(costOf(usage, { input: 2, output: 4 })).toBe(8);
});
