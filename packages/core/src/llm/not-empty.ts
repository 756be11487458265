// What every provider's answer is held to: that there is something in it.
import { fail } from '../errors.ts';
import type { ModelResponse } from './model.ts';

/**
 * The same response. A refusal may come without content, and so may an answer that was cut while the model thought.
 * @throws NodelensError `model_response_empty`
 */
export function notEmpty(response: ModelResponse, model: string): ModelResponse {
  const { text, toolCalls, stopReason } = response;
  const mayBeEmpty = stopReason === 'refusal' || stopReason === 'max_tokens';
  if (text === '' && toolCalls.length === 0 && !mayBeEmpty) throw fail('model_response_empty', { model });
  return response;
}
