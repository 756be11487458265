// The models that come with Nodelens, as references: naming one loads nothing of it, so it costs main nothing.
import { fail } from '../errors.ts';
import { workerUrl } from '../worker-url.ts';
import type { ModelRef } from './model.ts';

export interface AnthropicOptions {
  /** Default `claude-haiku-4-5`. */
  readonly model?: string;
  /** Default: `ANTHROPIC_API_KEY` of the thread that loads the model. */
  readonly apiKey?: string;
  /** Default: `ANTHROPIC_BASE_URL`, else the public API. */
  readonly baseUrl?: string;
  /** Further attempts inside one call. Default 2. */
  readonly maxRetries?: number;
  /** Upper bound of one answer. Default 4,096. */
  readonly maxOutputTokens?: number;
  /** Of one HTTP attempt, in ms. Default 120,000. */
  readonly timeoutMs?: number;
}

export const DEFAULT_ANTHROPIC_MODEL = 'claude-haiku-4-5';

const OPTION_TYPES: Readonly<Record<keyof AnthropicOptions, 'string' | 'number'>> = {
  model: 'string',
  apiKey: 'string',
  baseUrl: 'string',
  maxRetries: 'number',
  maxOutputTokens: 'number',
  timeoutMs: 'number',
};

/**
 * A reference to a Claude model; loading it fails with `model_key_missing` when there is no key then.
 * @throws NodelensError `option_invalid`
 */
export function anthropic(options: AnthropicOptions = {}): ModelRef {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [option, value] of given) checkOption(option, value);
  return {
    kind: 'model-ref',
    name: anthropicName(options),
    module: workerUrl('./anthropic', import.meta.url).href,
    exportName: 'createAnthropicModel',
    options: Object.fromEntries(given),
  };
}

/** For people and telemetry: `anthropic/claude-haiku-4-5`. */
export const anthropicName = (options: AnthropicOptions): string =>
  `anthropic/${options.model ?? DEFAULT_ANTHROPIC_MODEL}`;

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

function checkOption(option: string, value: unknown): void {
  const type = (OPTION_TYPES as Readonly<Record<string, string>>)[option];
  const known = Object.keys(OPTION_TYPES).join(', ');
  if (type === undefined) throw fail('option_invalid', { option, reason: `anthropic() knows ${known}.` });
  const isValid =
    type === 'string'
      ? typeof value === 'string' && value !== ''
      : Number.isInteger(value) && Number(value) >= 0;
  if (!isValid)
    throw fail('option_invalid', {
      option,
      reason:
        type === 'string' ? 'it must be a text that is not empty.' : 'it must be a whole number from 0.',
    });
}
