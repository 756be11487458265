// Providers on loopback with a mind behind them: the Messages API, Chat Completions as OpenAI-compatible servers speak
// them, and OpenAI's Responses. Each knows one model.
import { once } from 'node:events';
import {
  type ChatCompletionRequest,
  type ChatMessage,
  createServer,
  type FixtureResponse,
} from '@copilotkit/aimock';
import { estimatedTokens, startMockProvider } from '@nodelens/testing';
import type { Message } from '../../../src/agent/transcript.ts';
import type { JsonObject, JsonValue } from '../../../src/json.ts';
import type { ModelRequest } from '../../../src/llm/model.ts';
import type { Mind } from './mind.ts';

export interface Served {
  /** What the run is told of it. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** With a price that is known, and without one. */
const CLAUDE = 'claude-haiku-4-5';
const LOCAL = 'small';

export async function serveMessages(mind: Mind): Promise<Served> {
  const provider = await startMockProvider({
    // As Claude Haiku 4.5 has it.
    minTokens: 4_096,
    answer: (conversation, { model }) => {
      if (model !== CLAUDE) throw Object.assign(new Error(`model: ${model}`), { status: 404 });
      return mind(conversation);
    },
  });
  const env = {
    NODELENS_EVAL_MODEL: `anthropic/${CLAUDE}`,
    ANTHROPIC_API_KEY: 'k',
    ANTHROPIC_BASE_URL: provider.url,
  };
  return { env, close: provider.close };
}

export const serveChat = (mind: Mind): Promise<Served> =>
  serveCompletions(mind, (url) => ({
    NODELENS_EVAL_MODEL: `openai-compatible/${LOCAL}`,
    NODELENS_EVAL_API_KEY: 'k',
    NODELENS_EVAL_BASE_URL: url,
  }));

export const serveResponses = (mind: Mind): Promise<Served> =>
  serveCompletions(mind, (url) => ({
    NODELENS_EVAL_MODEL: `openai/${LOCAL}`,
    OPENAI_API_KEY: 'k',
    OPENAI_BASE_URL: url,
  }));

async function serveCompletions(mind: Mind, envOf: (url: string) => Served['env']): Promise<Served> {
  const response = (request: ChatCompletionRequest): Promise<FixtureResponse> => completion(mind, request);
  const { server, url } = await createServer([{ match: { predicate: () => true }, response }], { port: 0 });
  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { env: envOf(`${url}/v1`), close };
}

async function completion(mind: Mind, request: ChatCompletionRequest): Promise<FixtureResponse> {
  if (request.model !== LOCAL)
    return { status: 404, error: { message: `The model "${request.model}" does not exist.` } };
  const { text, toolCalls } = await mind(requestOf(request));
  const calls = toolCalls.map(({ name, arguments: args }) => ({ name, arguments: JSON.stringify(args) }));
  const usage = {
    prompt_tokens: estimatedTokens(JSON.stringify([request.tools, request.messages])),
    completion_tokens: estimatedTokens(text + JSON.stringify(calls)),
  };
  return calls.length > 0 ? { content: text, toolCalls: calls, usage } : { content: text, usage };
}

function requestOf({ messages, tools = [] }: ChatCompletionRequest): ModelRequest {
  const names = new Map(
    messages.flatMap(({ tool_calls = [] }) => tool_calls.map((call) => [call.id, call.function.name])),
  );
  return {
    system: messages.flatMap((message) => (message.role === 'system' ? [textOf(message)] : [])).join('\n'),
    messages: messages.flatMap((message) => messageOf(message, names)),
    tools: tools.map(({ function: { name, description = '', parameters } }) => ({
      name,
      description,
      inputSchema: parameters as JsonObject,
    })),
  };
}

function messageOf(message: ChatMessage, names: ReadonlyMap<string, string>): readonly Message[] {
  const text = textOf(message);
  switch (message.role) {
    case 'system':
      return [];
    case 'user':
      return [{ role: 'user', text }];
    case 'assistant': {
      const toolCalls = (message.tool_calls ?? []).map(({ id, function: { name, arguments: args } }) => ({
        id,
        name,
        arguments: JSON.parse(args) as JsonObject,
      }));
      return [{ role: 'assistant', text, toolCalls }];
    }
    case 'tool': {
      const callId = message.tool_call_id ?? '';
      const result = { callId, name: names.get(callId) ?? '', content: parsed(text), isError: false };
      return [{ role: 'tool', results: [result] }];
    }
  }
}

const textOf = ({ content }: ChatMessage): string =>
  typeof content === 'string' ? content : (content ?? []).map(({ text = '' }) => text).join('\n');

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}
