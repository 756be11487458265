// A model that answers from an array: calls of tools, functions of the request, or errors to throw; and keeps what it
// was asked.
import type { ToolCall, ToolResult } from '../../src/agent/transcript.ts';
import type { JsonObject } from '../../src/json.ts';
import type { Model, ModelRequest, ModelResponse } from '../../src/llm/model.ts';

export type Answer =
  | ModelResponse
  | Error
  | ((request: ModelRequest, signal: AbortSignal) => ModelResponse | Promise<ModelResponse>);

export interface Scripted extends Model {
  readonly requests: ModelRequest[];
}

export const usage = { inputTokens: 100, cachedInputTokens: 10, outputTokens: 5 };

let lastId = 0;

/** An answer that calls tools, each as `[name, arguments]`. */
export const calls = (...tools: readonly [string, JsonObject?][]): ModelResponse => ({
  text: '',
  toolCalls: tools.map(([name, args = {}]): ToolCall => ({ id: `call-${++lastId}`, name, arguments: args })),
  stopReason: 'tool_use',
  usage,
});

export const says = (text: string): ModelResponse => ({ text, toolCalls: [], stopReason: 'end', usage });

export function scripted(answers: readonly Answer[]): Scripted {
  const left = [...answers];
  const requests: ModelRequest[] = [];
  return {
    name: 'scripted',
    requests,
    async generate(request, { signal }) {
      requests.push(request);
      const answer = left.shift();
      if (answer === undefined) throw new Error('the script is exhausted');
      if (answer instanceof Error) throw answer;
      return typeof answer === 'function' ? answer(request, signal) : answer;
    },
  };
}

/** The results of the latest turn, as the model sees them. */
export function lastResults({ messages }: ModelRequest): readonly ToolResult[] {
  const last = messages.findLast((message) => message.role === 'tool');
  return last?.results ?? [];
}

/** Field `id` of the latest result of that tool. */
export function idFrom(request: ModelRequest, tool: string): string {
  const results = request.messages.flatMap((message) => (message.role === 'tool' ? message.results : []));
  const found = results.findLast((result) => result.name === tool && !result.isError);
  return String((found?.content as { id?: unknown })?.id);
}

/** An answer that never comes, until the request is aborted. */
export const never: Answer = (_, signal) => {
  const { promise, reject } = Promise.withResolvers<ModelResponse>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
};
