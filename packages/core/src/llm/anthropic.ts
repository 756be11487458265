// Claude over the Messages API. The SDK is loaded only where the model is used, so naming a model costs main nothing.
// Retries of 408, 409, 429 (with a Retry-After of up to a minute), 5xx and lost connections are the SDK's.
import type Anthropic from '@anthropic-ai/sdk';
import { cancelled } from '../agent/abort.ts';
import { type ErrorCode, fail, type NodelensError, reasonOf } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { fromMessage, toParams } from './anthropic-wire.ts';
import type { Model, ModelRequest, ModelResponse } from './model.ts';
import { type AnthropicOptions, anthropicName, DEFAULT_ANTHROPIC_MODEL } from './references.ts';

/** The factory behind the reference `anthropic()`. @throws NodelensError `model_key_missing` */
export async function createAnthropicModel(json: JsonObject): Promise<Model> {
  const options: AnthropicOptions = json;
  const name = anthropicName(options);
  const apiKey = options.apiKey ?? process.env.ANTHROPIC_API_KEY;
  if (apiKey === undefined || apiKey === '')
    throw fail('model_key_missing', { model: name, variable: 'ANTHROPIC_API_KEY' });
  const { default: Client } = await import('@anthropic-ai/sdk');
  const client = new Client({
    apiKey,
    maxRetries: options.maxRetries ?? 2,
    timeout: options.timeoutMs ?? 120_000,
    // A library never prints.
    logLevel: 'off',
    fetch: fetchPatiently,
    ...(options.baseUrl !== undefined && { baseURL: options.baseUrl }),
  });
  const wire = {
    model: options.model ?? DEFAULT_ANTHROPIC_MODEL,
    maxOutputTokens: options.maxOutputTokens ?? 4_096,
  };
  return {
    name,
    async generate(request: ModelRequest, { signal }): Promise<ModelResponse> {
      const message = await client.messages
        .create(toParams(request, wire), { signal })
        .catch((error: unknown) => Promise.reject(mapError(error, name, signal)));
      return checked(message, name);
    },
  };
}

/** The SDK would wait out any Retry-After, an hour too; what is longer than this is told to the caller instead. */
const MAX_RETRY_AFTER_S = 60;

async function fetchPatiently(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  if (!(Number(response.headers.get('retry-after')) > MAX_RETRY_AFTER_S)) return response;
  const headers = new Headers(response.headers);
  headers.set('x-should-retry', 'false');
  return new Response(response.body, { status: response.status, headers });
}

/** A refusal may come without content, and asking again would not change it. */
function checked(message: Anthropic.Message, model: string): ModelResponse {
  const response = fromMessage(message);
  const isEmpty = response.text === '' && response.toolCalls.length === 0;
  if (isEmpty && response.stopReason !== 'refusal') throw fail('model_response_empty', { model });
  return response;
}

function mapError(error: unknown, model: string, signal: AbortSignal): NodelensError {
  if (signal.aborted) return cancelled(signal);
  const { status, requestID } = error as { status?: number; requestID?: string | null };
  const reason = reasonOf(error) + (adviceFor(status, error) ?? causeOf(error));
  const data = { model, reason, ...(status && { status }), ...(requestID && { requestId: requestID }) };
  return fail(codeOf(error, status), data, { cause: error });
}

function codeOf(error: unknown, status: number | undefined): ErrorCode {
  const { type, name } = error as { type?: string | null; name?: string };
  if (status === 429) return 'model_rate_limited';
  if (status === 529 || type === 'overloaded_error') return 'model_overloaded';
  if (status !== undefined)
    return status >= 500 || status === 408 || status === 409 ? 'model_unavailable' : 'model_failed';
  return name?.startsWith('APIConnection') === true ? 'model_unavailable' : 'model_failed';
}

function adviceFor(status: number | undefined, error: unknown): string | undefined {
  const after = (error as { headers?: Headers }).headers?.get('retry-after');
  if (after) return `; it asks to wait ${after} s`;
  if (status === 401 || status === 403) return '; check ANTHROPIC_API_KEY';
  if (status === 404) return '; check the name of the model and the base URL';
  return undefined;
}

/** "Connection error." alone helps nobody; the cause says ECONNREFUSED. */
function causeOf(error: unknown): string {
  const reasons: string[] = [];
  for (let cause = (error as Error).cause; cause instanceof Error; cause = cause.cause)
    reasons.push(cause.message || String((cause as { code?: string }).code ?? cause.name));
  return reasons.length === 0 ? '' : ` (${reasons.join(': ')})`;
}
