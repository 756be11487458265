// How much of the model's window a conversation takes: as the provider counted it, and estimated where nobody has
// counted yet.
import type { ModelRequest, TokenUsage } from '../llm/model.ts';
import type { Message } from './transcript.ts';

/** Of JSON and English; others are off by a factor of two at most, which the limits leave room for. */
const CHARACTERS_PER_TOKEN = 4;

/** Tokens that the next call reads: what this one read, and what was added since. */
export function nextContextTokens(
  { system, tools, messages }: ModelRequest,
  { inputTokens, cachedInputTokens }: TokenUsage,
  added: readonly Message[],
): number {
  const counted = inputTokens + cachedInputTokens;
  return (counted > 0 ? counted : estimated([system, tools, messages])) + estimated(added);
}

/** What a provider wants to see again says the same a second time. */
const estimated = (value: unknown): number =>
  Math.ceil(
    JSON.stringify(value, (key, part) => (key === 'verbatim' ? undefined : part)).length /
      CHARACTERS_PER_TOKEN,
  );
