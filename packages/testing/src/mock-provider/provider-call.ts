// What the mock provider was asked, and what it answers.
import type { ModelResponse } from '@nodelens/core';
import type { MessagesRequest } from './messages-request.ts';
import type { InputUsage } from './prompt-cache.ts';

/** What the model says; its tokens are counted here. */
export type ModelAnswer = Pick<ModelResponse, 'text' | 'toolCalls'>;

export interface ProviderCall {
  readonly request: MessagesRequest;
  readonly usage: InputUsage & { readonly output_tokens: number };
}
