// Our request as Messages API parameters, and its answer as ours. Pure. Cache breakpoints after the tools with what all
// skills are told, after the skill's own part, and after the last message make everything but the newest turn a read.
import type Anthropic from '@anthropic-ai/sdk';
import type { Message, ToolCall, ToolResult } from '../agent/transcript.ts';
import type { JsonObject } from '../json.ts';
import type { ModelRequest, ModelResponse, TokenUsage, ToolSpec } from './model.ts';
import { malformedArguments } from './tool-arguments.ts';

type Block = Anthropic.TextBlockParam | Anthropic.ToolUseBlockParam | Anthropic.ToolResultBlockParam;
type Turn = { role: 'user' | 'assistant'; content: Block[] };

const cached = { cache_control: { type: 'ephemeral' } } as const;

export interface WireOptions {
  readonly model: string;
  /** Used when the request says nothing. */
  readonly maxOutputTokens: number;
}

export function toParams(
  request: ModelRequest,
  { model, maxOutputTokens }: WireOptions,
): Anthropic.MessageCreateParamsNonStreaming {
  return {
    model,
    max_tokens: request.maxOutputTokens ?? maxOutputTokens,
    ...(request.system !== '' && { system: systemBlocks(request) }),
    ...(request.tools.length > 0 && { tools: toolParams(request.tools) }),
    messages: withBreakpoint(turnsOf(request.messages)),
  };
}

/** The answer in our terms; text and calls keep the provider's order. */
export function fromMessage(message: Anthropic.Message): ModelResponse {
  const content = Array.isArray(message.content) ? message.content : [];
  const text = content.flatMap((block) => (block.type === 'text' ? [block.text] : []));
  const toolCalls = content.flatMap((block) => (block.type === 'tool_use' ? [toolCallOf(block)] : []));
  return {
    text: text.join('\n').trim(),
    toolCalls,
    stopReason: stopReasonOf(message.stop_reason, toolCalls.length),
    usage: usageOf(message.usage),
  };
}

/** Tools stand before the system prompt in what is cached, so they need no breakpoint of their own. */
function systemBlocks({ system, commonSystem = '' }: ModelRequest): Anthropic.TextBlockParam[] {
  const cut = system.startsWith(commonSystem) ? commonSystem.length : 0;
  const parts = [system.slice(0, cut), system.slice(cut)].filter((text) => text.trim() !== '');
  return parts.map((text) => ({ type: 'text', text, ...cached }));
}

function toolParams(tools: readonly ToolSpec[]): Anthropic.Tool[] {
  return tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    input_schema: { ...inputSchema, type: 'object' },
  }));
}

/** Neighbours of one role are one turn: the API wants tool results first in the turn that follows their calls. */
function turnsOf(messages: readonly Message[]): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const content = blocksOf(message);
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else if (content.length > 0) turns.push({ role, content });
  }
  return turns;
}

function blocksOf(message: Message): Block[] {
  switch (message.role) {
    case 'user':
      return textBlocks(message.text);
    case 'assistant':
      return [...textBlocks(message.text), ...message.toolCalls.map(toolUseBlock)];
    case 'tool':
      return message.results.map(toolResultBlock);
  }
}

/** The API refuses an empty text block. */
const textBlocks = (text: string): Block[] => (text.trim() === '' ? [] : [{ type: 'text', text }]);

const toolUseBlock = (call: ToolCall): Block => ({
  type: 'tool_use',
  id: call.id,
  name: call.name,
  input: call.arguments,
});

const toolResultBlock = ({ callId, content, isError }: ToolResult): Block => ({
  type: 'tool_result',
  tool_use_id: callId,
  content: typeof content === 'string' ? content : JSON.stringify(content),
  ...(isError && { is_error: true }),
});

function withBreakpoint(turns: Turn[]): Turn[] {
  const blocks = turns.at(-1)?.content;
  const last = blocks?.pop();
  if (last !== undefined) blocks?.push({ ...last, ...cached });
  return turns;
}

function toolCallOf({ id, name, input }: Anthropic.ToolUseBlock): ToolCall {
  const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
  return { id, name, arguments: isObject ? (input as JsonObject) : malformedArguments(input) };
}

function stopReasonOf(reason: Anthropic.StopReason | null, calls: number): ModelResponse['stopReason'] {
  switch (reason) {
    case 'tool_use':
    case 'refusal':
    case 'max_tokens':
      return reason;
    case 'model_context_window_exceeded':
      return 'max_tokens';
    default:
      return calls > 0 ? 'tool_use' : 'end';
  }
}

function usageOf(usage: Anthropic.Usage | undefined): TokenUsage {
  return {
    inputTokens: (usage?.input_tokens ?? 0) + (usage?.cache_creation_input_tokens ?? 0),
    cachedInputTokens: usage?.cache_read_input_tokens ?? 0,
    outputTokens: usage?.output_tokens ?? 0,
  };
}
