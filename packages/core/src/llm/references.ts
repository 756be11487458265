// The models that come with Nodelens, as references: naming one loads nothing of it, so it costs main nothing.
import { fail } from '../errors.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { workerUrl } from '../worker-url.ts';
import { isModelRef, type ModelRef } from './model.ts';
import { checkOptions, type OptionTypes } from './model-options.ts';
import type { TimeOptions } from './time-limit.ts';

/** Options of `anthropic()`; all may be left out. */
export interface AnthropicOptions extends TimeOptions {
  /** Default `claude-haiku-4-5`. */
  readonly model?: string;
  /** Default: `ANTHROPIC_API_KEY` of the thread that loads the model. */
  readonly apiKey?: string | undefined;
  /** Default: `ANTHROPIC_BASE_URL`, else the public API. */
  readonly baseUrl?: string;
  /** Further attempts inside one call. Default 2. */
  readonly maxRetries?: number;
  /** Upper bound of one answer. Default 4,096. */
  readonly maxOutputTokens?: number;
}

/** Options of `aiSdk()`. */
export interface AiSdkOptions extends TimeOptions {
  /**
   * Package of the provider, which the app has installed: `@ai-sdk/openai`, `@openrouter/ai-sdk-provider`, …; or the
   * URL of a module.
   */
  readonly provider: string;
  /** Its name at the provider. */
  readonly model: string;
  /** What the package's factory takes, as JSON: `apiKey`, `baseURL`, `region`, … Default: what it finds itself. */
  readonly settings?: JsonObject;
  /** The package's factory. Default: its export whose name starts with `create`. */
  readonly exportName?: string;
  /** The provider's method that makes the model, e.g. `chat` or `responses`. Default `languageModel`. */
  readonly method?: string;
  /** Upper bound of one answer. Default 4,096. */
  readonly maxOutputTokens?: number;
  /** Goes with every request, by provider: `{ openai: { reasoningEffort: 'low' } }`. Default: nothing. */
  readonly providerOptions?: JsonObject;
}

export const DEFAULT_ANTHROPIC_MODEL = 'claude-haiku-4-5';

const TIME_OPTIONS = { timeoutMs: 'number', firstTokenMs: 'number' } as const;

const ANTHROPIC_OPTIONS: OptionTypes<AnthropicOptions> = {
  model: 'string',
  apiKey: 'string',
  baseUrl: 'string',
  maxRetries: 'number',
  maxOutputTokens: 'number',
  ...TIME_OPTIONS,
};

const AI_SDK_OPTIONS: OptionTypes<AiSdkOptions> = {
  provider: 'string',
  model: 'string',
  settings: 'object',
  exportName: 'string',
  method: 'string',
  maxOutputTokens: 'number',
  providerOptions: 'object',
  ...TIME_OPTIONS,
};

/**
 * A reference to a Claude model; loading it fails with `model_key_missing` when there is no key then.
 * @throws NodelensError `option_invalid`
 */
export function anthropic(options: AnthropicOptions = {}): ModelRef {
  return {
    kind: 'model-ref',
    name: anthropicName(options),
    module: workerUrl('./anthropic', import.meta.url).href,
    exportName: 'createAnthropicModel',
    options: checkOptions('anthropic', options, ANTHROPIC_OPTIONS),
  };
}

/**
 * A reference to a model of any provider of the AI SDK (versions 5 and later). Only the provider's package is needed,
 * not `ai`; loading the model fails with `model_peer_missing` when it is not installed.
 * @throws NodelensError `option_invalid`
 */
export function aiSdk(options: AiSdkOptions): ModelRef {
  const checked = checkOptions('aiSdk', options, AI_SDK_OPTIONS, ['provider', 'model']);
  return {
    kind: 'model-ref',
    name: aiSdkName(options),
    module: workerUrl('./ai-sdk', import.meta.url).href,
    exportName: 'createAiSdkModel',
    options: checked,
  };
}

/**
 * A reference to several models, the preferred one first: the next is asked when one fails for a reason that another
 * may not have (unreachable, overloaded, rate limited, too slow, no key, refused), not for a budget that is used up,
 * nor for a request that is at fault itself. Which one answered is asked first for the next five minutes.
 * @throws NodelensError `option_invalid`
 */
export function fallback(models: readonly ModelRef[]): ModelRef {
  if (!Array.isArray(models) || models.length === 0 || !models.every(isModelRef))
    throw fail('option_invalid', {
      option: 'models',
      reason: 'fallback() takes a list of references: [anthropic(), triage()].',
    });
  return {
    kind: 'model-ref',
    name: fallbackName(models),
    module: workerUrl('./fallback', import.meta.url).href,
    exportName: 'createFallbackModel',
    options: { models: models as unknown as JsonValue },
  };
}

/** A reference to the embedded model. */
export function triage(): ModelRef {
  return {
    kind: 'model-ref',
    name: 'triage',
    module: workerUrl('./triage/triage', import.meta.url).href,
    exportName: 'createTriageModel',
    options: {},
  };
}

/** For people and telemetry: `anthropic/claude-haiku-4-5`. */
export const anthropicName = (options: Pick<AnthropicOptions, 'model'>): string =>
  `anthropic/${options.model ?? DEFAULT_ANTHROPIC_MODEL}`;

/** For people, telemetry and prices: `openai/gpt-5-mini` of `@ai-sdk/openai`. */
export const aiSdkName = ({ provider, model }: Pick<AiSdkOptions, 'provider' | 'model'>): string =>
  `${shortNameOf(provider)}/${model}`;

/** `ollama` of `ollama-ai-provider-v2`, `openrouter` of `@openrouter/ai-sdk-provider`, a file's name of its URL. */
function shortNameOf(provider: string): string {
  if (URL.canParse(provider)) return (provider.split('/').at(-1) ?? provider).replace(/\.[cm]?[jt]s$/, '');
  return provider
    .replace(/^@ai-sdk\//, '')
    .replace(/^@([^/]+)\/ai-sdk-provider$/, '$1')
    .replace(/^ai-sdk-/, '')
    .replace(/-ai-provider(-v\d+)?$/, '');
}

/** For people and telemetry: `fallback(anthropic/claude-haiku-4-5, triage)`. */
export const fallbackName = (models: readonly ModelRef[]): string =>
  `fallback(${models.map(({ name }) => name).join(', ')})`;
