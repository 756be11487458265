// The Messages API as a server sees it: a request as our transcript, an answer as a message. Pure.
import type { JsonValue, Message, ToolCall, ToolSpec } from '@nodelens/core';
import type { Block, MessagesRequest } from './messages-request.ts';
import type { ModelAnswer, ProviderCall } from './provider-call.ts';

export interface Conversation {
  readonly system: string;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
}

export function conversationOf({ system = '', messages, tools = [] }: MessagesRequest): Conversation {
  const names = new Map<string, string>();
  return {
    system: typeof system === 'string' ? system : system.map(({ text }) => text).join('\n'),
    tools: tools.map(({ name, description = '', input_schema }) => ({
      name,
      description,
      inputSchema: input_schema,
    })),
    messages: messages.flatMap(({ role, content }) => {
      const blocks: readonly Block[] =
        typeof content === 'string' ? [{ type: 'text', text: content }] : content;
      return role === 'assistant' ? [assistantOf(blocks, names)] : userOf(blocks, names);
    }),
  };
}

function assistantOf(blocks: readonly Block[], names: Map<string, string>): Message {
  const toolCalls = blocks.flatMap((block): readonly ToolCall[] => {
    if (block.type !== 'tool_use') return [];
    names.set(block.id, block.name);
    return [{ id: block.id, name: block.name, arguments: block.input }];
  });
  return { role: 'assistant', text: textOf(blocks), toolCalls };
}

function userOf(blocks: readonly Block[], names: ReadonlyMap<string, string>): readonly Message[] {
  const results = blocks.flatMap((block) =>
    block.type !== 'tool_result'
      ? []
      : [
          {
            callId: block.tool_use_id,
            name: names.get(block.tool_use_id) ?? '',
            content: contentOf(block.content),
            isError: block.is_error === true,
          },
        ],
  );
  const text = textOf(blocks);
  return [
    ...(results.length > 0 ? [{ role: 'tool' as const, results }] : []),
    ...(text === '' ? [] : [{ role: 'user' as const, text }]),
  ];
}

const textOf = (blocks: readonly Block[]): string =>
  blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');

/** JSON where it is JSON; a model reads both as text. */
function contentOf(content: string | readonly { readonly text: string }[]): JsonValue {
  const text = typeof content === 'string' ? content : content.map((part) => part.text).join('\n');
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return text;
  }
}

export interface Answer {
  /** When the conversation began, in wall-clock ms. */
  readonly startedMs: number;
  /** Unique for the server. */
  readonly number: number;
}

/**
 * When the conversation began: neither a connection nor the first message tells one from another (operators share
 * both), so it is written into the ids of calls, which come back with every later request.
 */
export function startOf({ messages }: MessagesRequest): number | undefined {
  const blocks = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
  const call = blocks.findLast((block) => block.type === 'tool_use');
  const startedMs = /^toolu_(\d+)_/.exec(call?.id ?? '')?.[1];
  return startedMs === undefined ? undefined : Number(startedMs);
}

export function messageOf(
  { text, toolCalls }: ModelAnswer,
  { request, usage }: ProviderCall,
  { startedMs, number }: Answer,
): object {
  return {
    id: `msg_${number}`,
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: [
      ...(text === '' ? [] : [{ type: 'text', text }]),
      ...toolCalls.map((call, index) => ({
        type: 'tool_use',
        id: `toolu_${startedMs}_${number}_${index}`,
        name: call.name,
        input: call.arguments,
      })),
    ],
    stop_reason: toolCalls.length > 0 ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage,
  };
}
