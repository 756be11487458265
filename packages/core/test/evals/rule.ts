// A rule of the reader: a sentence of a prompt, and the calls that it asks for.
import type { ToolCall } from '../../src/agent/transcript.ts';
import type { JsonObject, JsonValue } from '../../src/json.ts';

export type Call = Omit<ToolCall, 'id'>;

/** What it knows: the prompt, the tools, what was answered. */
export interface View {
  readonly system: string;
  readonly opening: string;
  /** Answers that are no errors, oldest first. */
  readonly answered: readonly { readonly call: ToolCall; readonly content: JsonValue }[];
  says(sentence: RegExp): boolean;
  /** Answers of that tool, oldest first. */
  of(tool: string): readonly { readonly call: ToolCall; readonly content: JsonValue }[];
}

export interface Rule {
  /** The sentence of the prompt that this follows. */
  readonly says: RegExp;
  /** The calls that it asks for now; none when it does not apply. */
  readonly asks: (view: View) => readonly Call[];
}

export const call = (name: string, args: JsonObject = {}): Call => ({ name, arguments: args });
