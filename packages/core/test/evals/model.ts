// Which model the evals ask: the one that NODELENS_EVAL_MODEL names, else the reader.
import { fail } from '../../src/errors.ts';
import { loadModel } from '../../src/llm/load-model.ts';
import type { Model, ModelRef } from '../../src/llm/model.ts';
import { aiSdk, anthropic } from '../../src/llm/references.ts';
import { reader } from './reader.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Packages of the AI SDK by what stands before the slash. */
const PACKAGES: Readonly<Record<string, string>> = {
  openai: '@ai-sdk/openai',
  google: '@ai-sdk/google',
  azure: '@ai-sdk/azure',
  'amazon-bedrock': '@ai-sdk/amazon-bedrock',
  ollama: 'ollama-ai-provider-v2',
  'openai-compatible': '@ai-sdk/openai-compatible',
};

/** Whether a language model answers. */
export const isReal: boolean = (process.env.NODELENS_EVAL_MODEL ?? '') !== '';

export const evalModel = async (): Promise<Model> => (isReal ? loadModel(evalModelRef(process.env)) : reader);

/** @throws NodelensError `option_invalid` */
export function evalModelRef(env: Env): ModelRef {
  const [provider = '', model] = (env.NODELENS_EVAL_MODEL ?? '').split(/\/(.*)/s);
  const { NODELENS_EVAL_BASE_URL: baseUrl, NODELENS_EVAL_API_KEY: apiKey } = env;
  if (!model || (provider !== 'anthropic' && !Object.hasOwn(PACKAGES, provider)))
    throw invalid(
      'NODELENS_EVAL_MODEL',
      `it is "${env.NODELENS_EVAL_MODEL}" and must be a provider, a slash and the name of a model, e.g. anthropic/claude-haiku-4-5. Providers: ${['anthropic', ...Object.keys(PACKAGES)].join(', ')}.`,
    );
  if (baseUrl && !URL.canParse(baseUrl))
    throw invalid('NODELENS_EVAL_BASE_URL', `"${baseUrl}" is not a URL.`);
  if (provider === 'anthropic')
    return anthropic({ model, ...(baseUrl && { baseUrl }), ...(apiKey && { apiKey }) });
  if (provider === 'openai-compatible' && !baseUrl)
    throw invalid(
      'NODELENS_EVAL_BASE_URL',
      `${provider} needs the URL of the server, e.g. http://127.0.0.1:8000/v1.`,
    );
  const settings = {
    ...(baseUrl && { baseURL: baseUrl }),
    ...(apiKey && { apiKey }),
    ...(provider === 'openai-compatible' && { name: provider }),
  };
  return aiSdk({ provider: PACKAGES[provider] ?? provider, model, settings });
}

const invalid = (option: string, reason: string): Error => fail('option_invalid', { option, reason });
