// Claude over the Messages API. The SDK is loaded only where the model is used, so naming a model costs main nothing.
// Retries of 408, 409, 429 (with a Retry-After of up to a minute), 5xx and lost connections are the SDK's.
import type Anthropic from '@anthropic-ai/sdk';
import type { APIError } from '@anthropic-ai/sdk';
import { fail, isError, type NodelensError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { fromMessage, toParams } from './anthropic-wire.ts';
import type { Model, ModelLoader } from './model.ts';
import { notEmpty } from './not-empty.ts';
import { LONGEST_RETRY_AFTER_MS, providerError } from './provider-error.ts';
import { type AnthropicOptions, anthropicName, DEFAULT_ANTHROPIC_MODEL } from './references.ts';
import { DEFAULT_TIMEOUT_MS, type TimedCall, withinTime } from './time-limit.ts';

const KEY_NAME = 'ANTHROPIC_API_KEY';

/** The factory behind the reference `anthropic()`. @throws NodelensError `model_key_missing` */
export async function createAnthropicModel(json: JsonObject, { clock }: ModelLoader): Promise<Model> {
  const options: AnthropicOptions = json;
  const name = anthropicName(options);
  const client = await connect(options, name);
  const wire = {
    model: options.model ?? DEFAULT_ANTHROPIC_MODEL,
    maxOutputTokens: options.maxOutputTokens ?? 4_096,
  };
  return {
    name,
    async generate(request, { signal }) {
      const limit = { ...options, model: name, clock, signal };
      const ask: TimedCall<Anthropic.Message> = (signal, began) =>
        options.firstTokenMs === undefined
          ? client.messages.create(toParams(request, wire), { signal })
          : client.messages
              .stream(toParams(request, wire), { signal })
              .on('streamEvent', ({ type }) => type === 'content_block_delta' && began())
              .finalMessage();
      const message = await withinTime(limit, ask).catch((error: unknown) =>
        Promise.reject(isError(error) ? error : mapError(error, name)),
      );
      return notEmpty(fromMessage(message), name);
    },
  };
}

async function connect(options: AnthropicOptions, name: string): Promise<Anthropic> {
  const apiKey = options.apiKey ?? process.env[KEY_NAME];
  if (apiKey === undefined || apiKey === '')
    throw fail('model_key_missing', { model: name, variable: KEY_NAME });
  const { default: Client } = await import('@anthropic-ai/sdk');
  return new Client({
    apiKey,
    maxRetries: options.maxRetries ?? 2,
    timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    // A library never prints.
    logLevel: 'off',
    fetch: fetchPatiently,
    ...(options.baseUrl !== undefined && { baseURL: options.baseUrl }),
  });
}

/** The SDK would wait out any Retry-After, an hour too. */
async function fetchPatiently(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  const retryAfterMs = Number(response.headers.get('retry-after')) * 1_000;
  if (!(retryAfterMs > LONGEST_RETRY_AFTER_MS)) return response;
  const headers = new Headers(response.headers);
  headers.set('x-should-retry', 'false');
  return new Response(response.body, { status: response.status, headers });
}

function mapError(error: unknown, model: string): NodelensError {
  const { status, requestID, headers } = error as Partial<APIError>;
  const retryAfter = headers?.get('retry-after');
  return providerError({ model, error, status, retryAfter, requestId: requestID, keyName: KEY_NAME });
}
