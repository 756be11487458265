// Short hands for scripts of a model: calls of tools, texts, errors, answers that never come.
import {
  type ScriptedAnswer,
  type ScriptedModel,
  type ScriptedReply,
  scriptedModel,
} from '@nodelens/testing';
import type { ToolResult } from '../../src/agent/transcript.ts';
import type { JsonObject } from '../../src/json.ts';
import type { ModelRequest, ModelResponse } from '../../src/llm/model.ts';

export type Answer = ScriptedAnswer | Error;
export type Scripted = ScriptedModel;

export const usage = { inputTokens: 100, cachedInputTokens: 10, outputTokens: 5 };

/** An answer that calls tools, each as `[name, arguments]`. */
export const calls = (...tools: readonly [string, JsonObject?][]): ScriptedReply => ({
  toolCalls: tools.map(([name, args = {}]) => ({ name, arguments: args })),
  usage,
});

export const says = (text: string): ScriptedReply => ({ text, usage });

export const scripted = (answers: readonly Answer[]): Scripted =>
  scriptedModel(answers.map((answer) => (answer instanceof Error ? () => Promise.reject(answer) : answer)));

/** An answer that never comes, until the request is aborted. */
export const never: Answer = () => new Promise<never>(() => {});

/** A reply with everything that a real model's answer has; for models that are no scripts. */
export const response = (reply: ScriptedReply, id: string): ModelResponse => ({
  text: reply.text ?? '',
  toolCalls: (reply.toolCalls ?? []).map((call, index) => ({
    id: `${id}-${index}`,
    name: call.name,
    arguments: call.arguments ?? {},
  })),
  stopReason: 'end',
  usage,
});

const results = ({ messages }: ModelRequest): readonly ToolResult[] =>
  messages.flatMap((message) => (message.role === 'tool' ? message.results : []));

/** The results of the latest turn, as the model sees them. */
export function lastResults({ messages }: ModelRequest): readonly ToolResult[] {
  const last = messages.findLast((message) => message.role === 'tool');
  return last?.results ?? [];
}

/** The content of the latest answer of that tool that is no error. */
export const contentOf = (request: ModelRequest, tool: string): unknown =>
  results(request).findLast((result) => result.name === tool && !result.isError)?.content;

export const idFrom = (request: ModelRequest, tool: string): string =>
  String((contentOf(request, tool) as { id?: unknown } | undefined)?.id);
