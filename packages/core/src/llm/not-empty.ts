// What every provider's answer is held to: that there is something in it. One that is empty is paid for all the same.
import { fail, isError, type NodelensError } from '../errors.ts';
import type { ModelResponse, TokenUsage } from './model.ts';

/**
 * The same response. A refusal may come without content, and so may an answer that was cut while the model thought.
 * @throws NodelensError `model_response_empty`
 */
export function notEmpty(response: ModelResponse, model: string): ModelResponse {
  const { text, toolCalls, stopReason } = response;
  const mayBeEmpty = stopReason === 'refusal' || stopReason === 'max_tokens';
  if (text === '' && toolCalls.length === 0 && !mayBeEmpty) throw emptyAnswer(model, response.usage);
  return response;
}

export const emptyAnswer = (model: string, usage: TokenUsage): NodelensError =>
  fail('model_response_empty', { model, usage: { ...usage } });

/** What an empty answer took; undefined for every other error, and where the model does not tell. */
export const usageOfEmpty = (error: unknown): TokenUsage | undefined =>
  isError(error, 'model_response_empty') ? (error.data.usage as TokenUsage | undefined) : undefined;
