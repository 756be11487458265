// THE agent loop: ask the model, perform its tool calls in order, append the results, until a stop condition holds.
// Operator and coordinator are tool sets and prompts on top of it. It keeps no state of theirs and never throws:
// how it ended is its return value.
import { fail } from '../errors.ts';
import type { Briefing } from '../llm/briefing.ts';
import type { Model, ModelResponse } from '../llm/model.ts';
import { redact } from '../redact.ts';
import { untilAborted } from './abort.ts';
import { type CompactionLimits, type Compactor, createCompactor } from './compaction.ts';
import { nextContextTokens } from './context-size.ts';
import type { Tool } from './tool.ts';
import { answering, type ToolLog } from './tool-log.ts';
import type { Message, ToolCall, ToolResult, Transcript } from './transcript.ts';

/** One turn of the model with what came of it. */
export interface Step {
  /** 1 for the first. */
  readonly iteration: number;
  readonly text: string;
  readonly calls: readonly ToolCall[];
  /** In the order of the calls. */
  readonly results: readonly ToolResult[];
  /** The whole conversation after this step. */
  readonly transcript: Transcript;
  /** What the model will read in the next turn, the cached part included. */
  readonly contextTokens: number;
}

export type LoopEnd =
  | { readonly kind: 'stopped'; readonly by: string }
  /** The signal was aborted; `error` is its reason. */
  | { readonly kind: 'aborted'; readonly error: unknown }
  | { readonly kind: 'failed'; readonly error: unknown };

/** Policy as data: looked at after every step. */
export interface StopCondition {
  readonly name: string;
  readonly met: (steps: readonly Step[]) => boolean;
}

/** What is new for a turn. */
export interface Turn {
  /** Appended to the conversation as a user message. */
  readonly news?: string;
  readonly briefing?: Briefing;
}

export interface LoopOptions {
  readonly model: Model;
  readonly system: string;
  /** See `ModelRequest.commonSystem`. */
  readonly commonSystem?: string;
  readonly opening: Transcript;
  readonly tools: readonly Tool[];
  /** Is told of each call; nobody when absent. */
  readonly toolLog?: ToolLog;
  readonly stopWhen: readonly StopCondition[];
  readonly compaction: CompactionLimits;
  readonly signal: AbortSignal;
  readonly beforeTurn?: () => Turn;
}

/** Turns in a row without a tool call after which the run fails. */
const SILENT_TURNS = 3;

/**
 * Holds when one of these tools was called in the last step and did not refuse, nor did a call before it: a model may say
 * all at once what it wants, and must hear of what was not accepted.
 */
export const toolSucceeded = (...names: readonly string[]): StopCondition => ({
  name: names.join('|'),
  met: (steps) => {
    const results = steps.at(-1)?.results ?? [];
    const refused = results.findIndex((result) => result.isError);
    const accepted = refused < 0 ? results : results.slice(0, refused);
    return accepted.some(({ name }) => names.includes(name));
  },
});

export const iterationsReached = (max: number): StopCondition => ({
  name: 'iterations',
  met: (steps) => steps.length >= max,
});

export async function* runLoop(options: LoopOptions): AsyncGenerator<Step, LoopEnd, undefined> {
  const steps: Step[] = [];
  const compactor = createCompactor(options.compaction);
  try {
    for (;;) {
      const stop = options.stopWhen.find((condition) => condition.met(steps));
      if (stop !== undefined) return { kind: 'stopped', by: stop.name };
      options.signal.throwIfAborted();
      const step = await takeTurn(options, steps.at(-1), compactor);
      steps.push(step);
      yield step;
      const latest = steps.slice(-SILENT_TURNS);
      if (latest.length === SILENT_TURNS && latest.every((s) => s.calls.length === 0))
        throw fail('model_failed', {
          model: options.model.name,
          reason: `it called no tool in ${SILENT_TURNS} turns in a row.`,
        });
    }
  } catch (error) {
    return options.signal.aborted
      ? { kind: 'aborted', error: options.signal.reason }
      : { kind: 'failed', error };
  }
}

async function takeTurn(
  options: LoopOptions,
  previous: Step | undefined,
  compactor: Compactor,
): Promise<Step> {
  const { model, signal, tools } = options;
  const earlier = previous?.transcript ?? options.opening;
  const kept = await compactor(earlier, previous?.contextTokens ?? 0, { model, signal });
  const { news, briefing } = options.beforeTurn?.() ?? {};
  const messages = news === undefined ? kept : [...kept, userMessage(news)];
  const request = {
    system: options.system,
    ...(options.commonSystem !== undefined && { commonSystem: options.commonSystem }),
    messages,
    tools: tools.map((tool) => tool.spec),
    ...(briefing && { briefing }),
  };
  const response = await untilAborted(model.generate(request, { signal }), signal);
  if (response.stopReason === 'refusal')
    throw fail('model_failed', { model: model.name, reason: `it refused: ${response.text}` });
  const results: ToolResult[] = [];
  const answer = answering(tools, options.toolLog);
  for (const call of response.toolCalls) results.push(await answer(call, { signal }));
  const added = turnMessages(response, results);
  return {
    iteration: (previous?.iteration ?? 0) + 1,
    text: response.text,
    calls: response.toolCalls,
    results,
    transcript: [...messages, ...added],
    contextTokens: nextContextTokens(request, response.usage, added),
  };
}

function turnMessages(response: ModelResponse, results: readonly ToolResult[]): Message[] {
  const { text, toolCalls, verbatim } = response;
  const said: Message = { role: 'assistant', text, toolCalls, ...(verbatim && { verbatim }) };
  if (toolCalls.length > 0) return [said, { role: 'tool', results }];
  return [...(text === '' ? [] : [said]), userMessage(nudge(response))];
}

function nudge({ stopReason, text }: ModelResponse): string {
  if (stopReason === 'max_tokens')
    return 'Your answer was cut at the output limit. Be brief and call a tool.';
  const what = text === '' ? 'Your answer was empty.' : 'You called no tool; text alone has no effect.';
  return `${what} Call one of your tools; call done when there is nothing left to do.`;
}

/** A user message whose text is redacted. */
export const userMessage = (text: string): Message => ({ role: 'user', text: redact(text) as string });
