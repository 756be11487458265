// The contract of a model, and the reference by which a model travels: the thread that needs it loads it itself.
import type { Clock } from '../actor/clock.ts';
import type { Message, ToolCall, VerbatimAnswer } from '../agent/transcript.ts';
import type { NodelensError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { Briefing } from './briefing.ts';

/** A tool as the provider sees it. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly inputSchema: JsonObject;
}

export interface SystemPrompt {
  readonly system: string;
  /**
   * The beginning of `system` that requests of other skills have too, byte for byte. A provider that caches prefixes
   * is told to keep one up to its end; others need not look at it.
   */
  readonly commonSystem?: string;
}

export interface ModelRequest extends SystemPrompt {
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
  /** What it cost, in USD. A model need not tell it: the price table is used then. Absent: not known. */
  readonly costUsd?: number;
}

export interface ModelResponse {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly stopReason: 'end' | 'tool_use' | 'max_tokens' | 'refusal';
  readonly usage: TokenUsage;
  /** Name of the model that answered, where one stands for several. Absent: the one that was asked. */
  readonly model?: string;
  /** For providers that must see their answer again unchanged; it travels with the conversation. */
  readonly verbatim?: VerbatimAnswer;
}

/** What goes with a request to a model, beside the request. */
export interface GenerateOptions {
  /** An abort rejects promptly and ends the request. */
  readonly signal: AbortSignal;
  /** Told by a model that stands for several when one has failed and the next is asked. */
  readonly onSkipped?: (error: NodelensError) => void;
}

export interface Model {
  /** For people and telemetry, e.g. `anthropic/claude-haiku-4-5`. */
  readonly name: string;
  /** True for one that only chooses among models that it has loaded: each of those is counted, not this one. */
  readonly isComposite?: boolean;
  /**
   * One answer. Retries of the provider's client happen inside.
   * @throws NodelensError `model_*`; an abort of `signal` rejects promptly and stops the request.
   */
  generate(request: ModelRequest, options: GenerateOptions): Promise<ModelResponse>;
}

/** A model as data. `module` exports a {@link ModelFactory} as `exportName`. */
export interface ModelRef {
  readonly kind: 'model-ref';
  readonly name: string;
  readonly module: string;
  readonly exportName: string;
  readonly options: JsonObject;
}

/** What a factory may use of the thread that loads its model. */
export interface ModelLoader {
  /** Loads another model, counted and limited like any. @throws NodelensError `model_*` */
  load(ref: ModelRef): Promise<Model>;
  readonly clock: Clock;
}

export type ModelFactory = (options: JsonObject, loader: ModelLoader) => Model | Promise<Model>;

/** What may be given as a model: a reference, or a live object on main (called over RPC by operators; for tests). */
export type ModelInput = ModelRef | Model;

export const isModelRef = (model: ModelInput): model is ModelRef => (model as ModelRef).kind === 'model-ref';

export const noUsage: TokenUsage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };

/** Of tokens; what they cost is summed where the calls are counted. */
export const addUsage = (a: TokenUsage, b: TokenUsage): Omit<TokenUsage, 'costUsd'> => ({
  inputTokens: a.inputTokens + b.inputTokens,
  cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
});
