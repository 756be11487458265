// A model whose calls go over the desk: each waits for its place, is refused where it must not be made, and is
// accounted for. Stands inside of the attempts, so that each attempt is a call of its own.
import type { Clock } from '../actor/clock.ts';
import { soundUsage } from '../agent/response.ts';
import { toWire } from '../errors.ts';
import type { Model, ModelRequest, ModelResponse, TokenUsage } from '../llm/model.ts';
import { emptyAnswer, usageOfEmpty } from '../llm/not-empty.ts';
import { verdictOf } from './circuit.ts';
import type { DeskClient, EndCall } from './desk-client.ts';
import type { Caller } from './model-desk.ts';
import { isLocal } from './prices.ts';

export interface DeskedOptions {
  readonly desk: DeskClient;
  /** Who calls, asked at each call. */
  readonly caller: () => Caller;
  readonly clock: Clock;
}

/** Rejects beside its own errors with `budget_exceeded`, `model_circuit_open` and `model_busy`. */
export function deskedModel(model: Model, { desk, caller, clock }: DeskedOptions): Model {
  const admitted = async (request: ModelRequest, signal: AbortSignal): Promise<EndCall> => {
    const call = { ...caller(), model: model.name };
    if (!isLocal(model.name)) return desk.begin({ ...call, estimate: estimateOf(request) }, signal);
    return async (outcome) => {
      // Nobody waits for it: what costs nothing must not depend on who counts.
      void desk.count(call, outcome);
      return { costUsd: 0 };
    };
  };
  return {
    name: model.name,
    async generate(request, options) {
      const end = await admitted(request, options.signal);
      const startedAtMs = clock.now();
      const timing = (): { startedAtMs: number; durationMs: number } => ({
        startedAtMs,
        durationMs: clock.now() - startedAtMs,
      });
      try {
        const response = await model.generate(request, options);
        const usage = soundUsage(response?.usage);
        const answered = response?.model === undefined ? {} : { model: response.model };
        const bill = await end({ ...answered, usage, verdict: 'good', ...timing() });
        return billed(response, { ...usage, ...bill });
      } catch (error) {
        const verdict = verdictOf(error, options.signal.aborted);
        const failed = { error: toWire(error), verdict, ...timing() };
        const told = usageOfEmpty(error);
        if (told === undefined) {
          void end(failed);
          throw error;
        }
        const usage = soundUsage(told);
        throw emptyAnswer(model.name, { ...usage, ...(await end({ ...failed, usage })) });
      }
    },
  };
}

/** What is no answer is left as it is, to be refused where answers are checked. */
const billed = (response: ModelResponse, usage: TokenUsage): ModelResponse =>
  typeof response === 'object' && response !== null ? { ...response, usage } : response;

const CHARACTERS_PER_TOKEN = 4;
const MAX_OUTPUT_TOKENS = 4_096;

/** A rule of thumb, before anyone has counted: characters / 4, and as much output as is allowed. */
function estimateOf({ system, messages, tools, maxOutputTokens }: ModelRequest): TokenUsage {
  const characters = system.length + JSON.stringify(messages).length + JSON.stringify(tools).length;
  return {
    inputTokens: Math.ceil(characters / CHARACTERS_PER_TOKEN),
    cachedInputTokens: 0,
    outputTokens: maxOutputTokens ?? MAX_OUTPUT_TOKENS,
  };
}
