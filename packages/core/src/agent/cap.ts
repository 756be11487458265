// Size limit of what one tool result may bring into the conversation.
import type { JsonValue } from '../json.ts';

/** Most that the model sees of one result, in characters of JSON text. */
export const RESULT_CHARS = 16_384;

/** The value itself when it is small enough, else its beginning with a note that says how to ask for less. */
export function capped(value: JsonValue, maxChars: number = RESULT_CHARS): JsonValue {
  const text = JSON.stringify(value) ?? 'null';
  if (text.length <= maxChars) return value;
  return {
    truncated: true,
    note: `The result has ${text.length} characters, more than the ${maxChars} that fit. This is its beginning; ask for less: fewer items, fewer fields, a summary computed in the script.`,
    beginning: text.slice(0, maxChars),
  };
}
