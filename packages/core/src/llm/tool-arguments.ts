// How a tool call whose input is not a JSON object travels: as arguments with one reserved key, which no tool has.
// The loop answers such a call with an error result instead of running the tool.

import type { ToolCall } from '../agent/transcript.ts';
import type { JsonObject } from '../json.ts';

const MALFORMED = '__malformed';

/** Arguments that stand for an input that is not a JSON object. `raw` is cut to 500 characters. */
export function malformedArguments(raw: unknown): JsonObject {
  const text = typeof raw === 'string' ? raw : (JSON.stringify(raw) ?? String(raw));
  return { [MALFORMED]: text.slice(0, 500) };
}

/** What the model wrote in place of a JSON object; undefined when the arguments are well-formed. */
export function malformedInputOf(call: ToolCall): string | undefined {
  const raw = call.arguments[MALFORMED];
  return typeof raw === 'string' ? raw : undefined;
}
