// What triage decides in one turn, and how it reads what was done before in the same round.
import { answeredCalls, type ToolCall, type ToolResult, type Transcript } from '../../agent/transcript.ts';
import type { JsonObject } from '../../json.ts';

export type Call = Omit<ToolCall, 'id'>;

export interface Turn {
  /** For people who watch. */
  readonly text: string;
  readonly calls: readonly Call[];
}

export interface Answered {
  readonly call: ToolCall;
  readonly result: ToolResult;
}

export interface Round {
  /** Answered calls of this round, oldest first. */
  readonly now: readonly Answered[];
  /** Those of earlier rounds. */
  readonly before: readonly Answered[];
}

export const callOf = (name: string, args: JsonObject = {}): Call => ({ name, arguments: args });

/** A round ends with an accepted `done`: a continuous operator goes on in the same transcript. */
export function roundOf(messages: Transcript): Round {
  const all = answeredCalls(messages);
  const start = all.findLastIndex(({ call, result }) => call.name === 'done' && !result.isError) + 1;
  return { before: all.slice(0, start), now: all.slice(start) };
}

export const named = (answered: readonly Answered[], name: string): readonly Answered[] =>
  answered.filter(({ call }) => call.name === name);

export const succeeded = (answered: readonly Answered[], name: string): readonly Answered[] =>
  named(answered, name).filter(({ result }) => !result.isError);

/** A thought is noted once per round. */
export const isNoted = (round: Round, thought: string): boolean =>
  named(round.now, 'think').some(({ call }) => call.arguments.thought === thought);
