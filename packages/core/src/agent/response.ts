// What a model answered, checked where it enters: models are other people's code, and what is no answer must fail the
// run with a reason, not break whatever reads it.
import { fail } from '../errors.ts';
import type { ModelResponse, TokenUsage } from '../llm/model.ts';

/**
 * The same response; tokens that it does not tell, or not as numbers, count as none.
 * @throws NodelensError `model_failed` when it is no answer.
 */
export function checkedResponse(response: ModelResponse, model: string): ModelResponse {
  const complaint = complaintAbout(response);
  if (complaint !== undefined)
    throw fail('model_failed', { model, reason: `what it answered is no answer: ${complaint}.` });
  return { ...response, usage: soundUsage(response.usage) };
}

function complaintAbout(response: unknown): string | undefined {
  if (typeof response !== 'object' || response === null) return 'it must be an object';
  const { text, toolCalls } = response as { text?: unknown; toolCalls?: unknown };
  if (typeof text !== 'string') return '"text" must be a text';
  if (!Array.isArray(toolCalls)) return '"toolCalls" must be a list';
  return toolCalls.every(isCall) ? undefined : 'a tool call needs "id", "name" and "arguments"';
}

function isCall(call: unknown): boolean {
  if (typeof call !== 'object' || call === null) return false;
  const { id, name, arguments: args } = call as { id?: unknown; name?: unknown; arguments?: unknown };
  return typeof id === 'string' && typeof name === 'string' && typeof args === 'object' && args !== null;
}

/** Figures that can be added up, whatever a model tells. */
export function soundUsage(usage: Partial<TokenUsage> | undefined): TokenUsage {
  const count = (tokens: number | undefined): number => (Number.isFinite(tokens) ? Number(tokens) : 0);
  const costUsd = usage?.costUsd;
  return {
    inputTokens: count(usage?.inputTokens),
    cachedInputTokens: count(usage?.cachedInputTokens),
    outputTokens: count(usage?.outputTokens),
    ...(Number.isFinite(costUsd) && { costUsd: Number(costUsd) }),
  };
}
