// The conversation of one run in a provider-neutral form. Append-only; results follow the calls that they answer.
import type { JsonObject, JsonValue } from '../json.ts';

export interface ToolCall {
  /** Given by the provider; answers refer to it. */
  readonly id: string;
  readonly name: string;
  readonly arguments: JsonObject;
}

export interface ToolResult {
  readonly callId: string;
  readonly name: string;
  /** JSON that the model sees, already redacted and capped in size. */
  readonly content: JsonValue;
  readonly isError: boolean;
}

/** An answer as its provider wants to see it again, e.g. with the signature of its thinking; for that model only. */
export interface VerbatimAnswer {
  /** Name of the model. */
  readonly model: string;
  /** Opaque. */
  readonly content: JsonValue;
}

export type Message =
  | { readonly role: 'user'; readonly text: string }
  | {
      readonly role: 'assistant';
      readonly text: string;
      readonly toolCalls: readonly ToolCall[];
      readonly verbatim?: VerbatimAnswer;
    }
  | { readonly role: 'tool'; readonly results: readonly ToolResult[] };

export type Transcript = readonly Message[];

/** All tool calls so far with their results, oldest first. */
export function answeredCalls(transcript: Transcript): readonly { call: ToolCall; result: ToolResult }[] {
  const calls = new Map<string, ToolCall>();
  const answered: { call: ToolCall; result: ToolResult }[] = [];
  for (const message of transcript) {
    if (message.role === 'assistant') for (const call of message.toolCalls) calls.set(call.id, call);
    if (message.role !== 'tool') continue;
    for (const result of message.results) {
      const call = calls.get(result.callId);
      if (call !== undefined) answered.push({ call, result });
    }
  }
  return answered;
}

/** The conversation as plain text, for a model that is asked about it and needs no tools for that. */
export function renderTranscript(transcript: Transcript): string {
  return transcript.map(renderMessage).join('\n');
}

function renderMessage(message: Message): string {
  switch (message.role) {
    case 'user':
      return `USER: ${message.text}`;
    case 'assistant': {
      const calls = message.toolCalls.map((call) => `CALL ${call.name} ${JSON.stringify(call.arguments)}`);
      return [`ASSISTANT: ${message.text}`, ...calls].join('\n');
    }
    case 'tool':
      return message.results.map(renderResult).join('\n');
    default:
      return message satisfies never;
  }
}

const renderResult = (result: ToolResult): string =>
  `${result.isError ? 'ERROR' : 'RESULT'} ${result.name} ${JSON.stringify(result.content)}`;
