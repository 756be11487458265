// What a tool result says to triage: the value behind it, or why there is none that can be trusted. Pure.
import type { ToolResult } from '../../agent/transcript.ts';
import type { JsonObject, JsonValue } from '../../json.ts';

export type Evidence =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly reason: string };

/** A result that was cut to size is no evidence: its missing part would be taken for health. */
export function evidenceOf({ content, isError }: ToolResult): Evidence {
  if (isError) return { ok: false, reason: errorText(content) };
  const { truncated, note, value, console } = isObject(content) ? content : {};
  if (truncated === true) return { ok: false, reason: String(note ?? 'the result was cut to size.') };
  // A script that printed answers its value beside the lines.
  if (Array.isArray(console) && value !== undefined) return { ok: true, value };
  return { ok: true, value: content };
}

/** An error result is a text, or an object with `message` or `error`. */
function errorText(content: JsonValue): string {
  if (!isObject(content)) return typeof content === 'string' ? content : JSON.stringify(content);
  const { message, error } = content;
  const nested = isObject(error) ? error.message : error;
  const text = message ?? nested;
  return typeof text === 'string' ? text : JSON.stringify(content);
}

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
