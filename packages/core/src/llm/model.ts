// The contract of a model, and the reference by which a model travels: the thread that needs it loads it itself.
import type { Message, ToolCall } from '../agent/transcript.ts';
import type { JsonObject } from '../json.ts';
import type { Briefing } from './briefing.ts';

/** A tool as the provider sees it. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly inputSchema: JsonObject;
}

export interface ModelRequest {
  readonly system: string;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
  /** Upper bound of the answer; default 4,096. */
  readonly maxOutputTokens?: number;
  /** What `triage` works from. Language models ignore it; it never leaves the thread. */
  readonly briefing?: Briefing;
}

export interface TokenUsage {
  /** Tokens billed at the full input price (cache writes included, cache reads not). */
  readonly inputTokens: number;
  /** Tokens read from the provider's prompt cache. */
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
}

export interface ModelResponse {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly stopReason: 'end' | 'tool_use' | 'max_tokens' | 'refusal';
  readonly usage: TokenUsage;
}

export interface Model {
  /** For people and telemetry, e.g. `anthropic/claude-haiku-4-5`. */
  readonly name: string;
  /**
   * One answer. Retries of the provider's client happen inside.
   * @throws NodelensError `model_*`; an abort of `signal` rejects promptly and stops the request.
   */
  generate(request: ModelRequest, options: { signal: AbortSignal }): Promise<ModelResponse>;
}

/** A model as data. `module` exports a {@link ModelFactory} as `exportName`. */
export interface ModelRef {
  readonly kind: 'model-ref';
  readonly name: string;
  readonly module: string;
  readonly exportName: string;
  readonly options: JsonObject;
}

export type ModelFactory = (options: JsonObject) => Model | Promise<Model>;

/** What may be given as a model: a reference, or a live object on main (called over RPC by operators; for tests). */
export type ModelInput = ModelRef | Model;

export const isModelRef = (model: ModelInput): model is ModelRef => (model as ModelRef).kind === 'model-ref';

export const noUsage: TokenUsage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };

export const addUsage = (a: TokenUsage, b: TokenUsage): TokenUsage => ({
  inputTokens: a.inputTokens + b.inputTokens,
  cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
});
