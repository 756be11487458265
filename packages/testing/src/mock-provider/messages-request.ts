// A request of the Messages API, as far as it matters here.
import type { JsonObject } from '@nodelens/core';

/** A block after which the provider is asked to keep what was read until there. */
export interface Markable {
  readonly cache_control?: { readonly type: string };
}

interface TextBlock extends Markable {
  readonly type: 'text';
  readonly text: string;
}

interface ToolUseBlock extends Markable {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: JsonObject;
}

interface ToolResultBlock extends Markable {
  readonly type: 'tool_result';
  readonly tool_use_id: string;
  readonly content: string | readonly { readonly text: string }[];
  readonly is_error?: boolean;
}

/** What a turn is made of. */
export type Block = TextBlock | ToolUseBlock | ToolResultBlock;

interface Tool extends Markable {
  readonly name: string;
  readonly description?: string;
  readonly input_schema: JsonObject;
}

/** What of a request matters here. */
export interface MessagesRequest {
  readonly model: string;
  readonly system?: string | readonly (Markable & { readonly text: string })[];
  readonly tools?: readonly Tool[];
  readonly messages: readonly {
    readonly role: 'user' | 'assistant';
    readonly content: string | readonly Block[];
  }[];
}
