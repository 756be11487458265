// Our request as a call of the AI SDK's language model interface, and its answer as ours. Pure. Versions 2 to 4 of the
// interface differ, for us, only in how they tell usage and the reason of the end.
import type {
  JSONObject,
  LanguageModelV2FinishReason,
  LanguageModelV2Usage,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4FunctionTool,
  LanguageModelV4Message,
  LanguageModelV4ToolResultPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';
import type { Message, ToolCall, ToolResult } from '../agent/transcript.ts';
import { asJson, type JsonObject } from '../json.ts';
import type { ModelRequest, ModelResponse, TokenUsage } from './model.ts';
import { malformedArguments } from './tool-arguments.ts';

type ProviderOptions = Record<string, JSONObject>;
type AssistantContent = Extract<LanguageModelV4Message, { role: 'assistant' }>['content'];

/** What a model answered, whole: of `doGenerate`, or gathered from a stream. */
export interface SdkAnswer {
  readonly content: readonly LanguageModelV4Content[];
  readonly finishReason: LanguageModelV4FinishReason | LanguageModelV2FinishReason;
  readonly usage: LanguageModelV4Usage | LanguageModelV2Usage;
}

export interface WireOptions {
  /** Name of the model: what it wants to see again is sent to no other. */
  readonly name: string;
  /** Its name at the provider. */
  readonly modelId: string;
  /** Used when the request says nothing. */
  readonly maxOutputTokens: number;
  readonly providerOptions: JsonObject;
}

export function toCall(request: ModelRequest, options: WireOptions): LanguageModelV4CallOptions {
  const { system, messages, tools, maxOutputTokens = options.maxOutputTokens } = request;
  const cached = { providerOptions: cacheMarks(options.modelId) };
  const turns = messages.map((message) => turnOf(message, options.name));
  const last = turns.pop();
  return {
    prompt: [
      ...(system === '' ? [] : [{ role: 'system' as const, content: system, ...cached }]),
      ...turns,
      ...(last === undefined ? [] : [{ ...last, ...cached }]),
    ],
    maxOutputTokens,
    providerOptions: options.providerOptions as ProviderOptions,
    ...(tools.length > 0 && { tools: tools.map(functionTool), toolChoice: { type: 'auto' as const } }),
  };
}

/**
 * Claude keeps of a prompt only what is marked, Nova as well; other providers keep prefixes by themselves, and look at
 * no mark that is not theirs.
 */
function cacheMarks(modelId: string): ProviderOptions {
  const isMarkedOnBedrock = /claude|nova/.test(modelId);
  return {
    anthropic: { cacheControl: { type: 'ephemeral' } },
    ...(isMarkedOnBedrock && { bedrock: { cachePoint: { type: 'default' } } }),
  };
}

function functionTool({
  name,
  description,
  inputSchema,
}: ModelRequest['tools'][number]): LanguageModelV4FunctionTool {
  return { type: 'function', name, description, inputSchema: { ...inputSchema, type: 'object' } };
}

function turnOf(message: Message, model: string): LanguageModelV4Message {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: [{ type: 'text', text: message.text }] };
    case 'assistant':
      return { role: 'assistant', content: saidBefore(message, model) };
    case 'tool':
      return { role: 'tool', content: message.results.map(resultPart) };
    default:
      return message satisfies never;
  }
}

function saidBefore(message: Message & { role: 'assistant' }, model: string): AssistantContent {
  const { text, toolCalls, verbatim } = message;
  if (verbatim?.model === model) return verbatim.content as unknown as AssistantContent;
  return [
    ...(text === '' ? [] : [{ type: 'text' as const, text }]),
    ...toolCalls.map((call) => ({
      type: 'tool-call' as const,
      toolCallId: call.id,
      toolName: call.name,
      input: call.arguments,
    })),
  ];
}

function resultPart({ callId, name, content, isError }: ToolResult): LanguageModelV4ToolResultPart {
  const value = typeof content === 'string' ? content : JSON.stringify(content);
  const output = { type: isError ? ('error-text' as const) : ('text' as const), value };
  return { type: 'tool-result', toolCallId: callId, toolName: name, output };
}

export function fromAnswer({ content, finishReason, usage }: SdkAnswer, model: string): ModelResponse {
  const text = content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const toolCalls = content.flatMap((part) => (isCall(part) ? [toolCallOf(part)] : []));
  const isSigned = content.some((part) => 'providerMetadata' in part && part.providerMetadata !== undefined);
  return {
    text: text.join('\n').trim(),
    toolCalls,
    stopReason: stopReasonOf(finishReason, toolCalls.length),
    usage: usageOf(usage),
    ...(isSigned && { verbatim: { model, content: asJson(content.flatMap(partAgain)) } }),
  };
}

type CallPart = Extract<LanguageModelV4Content, { type: 'tool-call' }>;

/** What the provider runs itself is none of ours. */
const isCall = (part: LanguageModelV4Content): part is CallPart =>
  part.type === 'tool-call' && part.providerExecuted !== true;

const toolCallOf = ({ toolCallId, toolName, input }: CallPart): ToolCall => ({
  id: toolCallId,
  name: toolName,
  arguments: argumentsOf(input),
});

/** The interface says JSON text; an object has been seen, too. */
function argumentsOf(input: unknown): JsonObject {
  if (input === '') return {};
  try {
    const value: unknown = typeof input === 'string' ? JSON.parse(input) : input;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as JsonObject) : malformedArguments(input);
  } catch {
    return malformedArguments(input);
  }
}

/** A part of an answer as a part of the next request: providers sign their thinking and their calls. */
function partAgain(part: LanguageModelV4Content): AssistantContent {
  const isOurs = part.type === 'text' || part.type === 'reasoning' || isCall(part);
  if (!isOurs) return [];
  const { providerMetadata, ...rest } = part;
  const signed = providerMetadata === undefined ? {} : { providerOptions: providerMetadata };
  if (rest.type === 'tool-call') return [{ ...rest, input: argumentsOf(rest.input), ...signed }];
  return [{ ...rest, ...signed }];
}

function stopReasonOf(reason: SdkAnswer['finishReason'], calls: number): ModelResponse['stopReason'] {
  switch (typeof reason === 'string' ? reason : reason.unified) {
    case 'length':
      return 'max_tokens';
    case 'content-filter':
      return 'refusal';
    default:
      return calls > 0 ? 'tool_use' : 'end';
  }
}

function usageOf(usage: SdkAnswer['usage']): TokenUsage {
  if (typeof usage.inputTokens !== 'object') {
    const { inputTokens = 0, outputTokens = 0, cachedInputTokens = 0 } = usage as LanguageModelV2Usage;
    const fresh = Math.max(0, inputTokens - cachedInputTokens);
    return { inputTokens: fresh, cachedInputTokens, outputTokens };
  }
  const { inputTokens, outputTokens } = usage as LanguageModelV4Usage;
  const { total, noCache = 0, cacheRead = 0, cacheWrite = 0 } = inputTokens;
  return {
    inputTokens: total === undefined ? noCache + cacheWrite : Math.max(0, total - cacheRead),
    cachedInputTokens: cacheRead,
    outputTokens: outputTokens.total ?? 0,
  };
}
